// SPDX-License-Identifier: Apache-2.0
// What the measured profiles at hand say of themselves: how far off their fits were, on figures of the fit
// and on figures that were held out.
#pragma once

#include <string>

#include "models/profile_library.h"

namespace kvsim::validation {

std::string profile_errors_section(const models::ProfileLibrary& library);  // Markdown; empty: none at hand

}  // namespace kvsim::validation
