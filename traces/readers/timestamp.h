// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kvsim::traces {

// A moment on the UTC clock; a stamp without a zone is taken as UTC.
struct Moment {
  std::int64_t seconds = 0;  // since 1970-01-01
  std::int32_t nanoseconds = 0;
};

// `2023-11-16 18:17:03.9799600`, a `T` for the space, one to nine digits of fraction or none, and at the end
// nothing, `Z`, ` UTC` or an offset such as `+00:00`, `+0000`, `+00`. Years 2000 to 2100.
std::optional<Moment> parse_timestamp(std::string_view text);

}  // namespace kvsim::traces
