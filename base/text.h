// SPDX-License-Identifier: Apache-2.0
// Text helpers: strict numbers, suggestions for misspelt names, plain tables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvsim {

std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);  // keeps empty fields
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// The whole text must be one finite number; locale never matters. Whole numbers accept digits only (and a
// sign).
std::optional<double> parse_double(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);

// The candidate nearest by edit distance (at most a third of the name's length away), if any.
std::optional<std::string> closest_name(std::string_view name, const std::vector<std::string>& candidates);

// "use one of: a, b, c", led by "did you mean 'b'?" where one is near. For unknown names of policies and
// keys.
std::string valid_names_remedy(std::string_view name, const std::vector<std::string>& candidates);

// Columns padded to their widest cell, two spaces apart; the first row is the header; numbers align right.
std::string format_table(const std::vector<std::vector<std::string>>& rows);

// At most 60 bytes on one line, for messages: control characters become spaces, what is cut off "...".
std::string shortened(std::string_view text);

// True for well-formed UTF-8 without overlong forms or surrogates.
bool is_utf8(std::string_view bytes);

}  // namespace kvsim
