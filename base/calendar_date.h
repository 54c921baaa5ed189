// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace kvsim {

// "2026-01-31", of a day counted from 1970-01-01.
std::string calendar_date(std::int64_t days);

}  // namespace kvsim
