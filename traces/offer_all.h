// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "traces/source.h"

namespace kvsim::traces {

// Takes every request of a source in order of arrival, each answered the moment it arrives: the timing of a
// closed loop under a server that takes no time. Stops at Ctrl-C.
void offer_all(Source& source, const std::function<void(const Request&)>& use);

}  // namespace kvsim::traces
