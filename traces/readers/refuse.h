// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/errors.h"

namespace kvsim::traces {

// Throws an InputError with this one problem.
[[noreturn]] void refuse(Location where, std::string path, std::string message, std::string remedy);

}  // namespace kvsim::traces
