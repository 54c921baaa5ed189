// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/document.h"
#include "traces/generators/stream_settings.h"

namespace kvsim::traces {

// A `kind: generate` workload. InputError with every problem of the file.
MixSettings read_generate(const Document& document, const std::string& folder);

}  // namespace kvsim::traces
