// SPDX-License-Identifier: Apache-2.0
#include "traces/readers/timestamp.h"

#include <array>
#include <chrono>

namespace kvsim::traces {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes exactly `digits` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return {};
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!is_digit(text[i])) return {};
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_date(std::string_view& text) {
  using namespace std::chrono;
  const auto y = take_digits(text, 4);
  if (!y || !take(text, '-')) return {};
  const auto m = take_digits(text, 2);
  if (!m || !take(text, '-')) return {};
  const auto d = take_digits(text, 2);
  if (!d || *y < 2000 || *y > 2100) return {};
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return {};
  return std::int64_t{sys_days{date}.time_since_epoch().count()} * 86'400;
}

std::optional<std::int64_t> take_clock(std::string_view& text) {
  const auto h = take_digits(text, 2);
  if (!h || *h > 23 || !take(text, ':')) return {};
  const auto m = take_digits(text, 2);
  if (!m || *m > 59 || !take(text, ':')) return {};
  const auto s = take_digits(text, 2);
  if (!s || *s > 59) return {};
  return *h * 3600 + *m * 60 + *s;
}

std::optional<std::int32_t> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return 0;
  std::int32_t value = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && digits < 9 && is_digit(text[digits]); ++digits)
    value = value * 10 + (text[digits] - '0');
  if (digits == 0) return {};
  text.remove_prefix(digits);
  for (; digits < 9; ++digits) value *= 10;
  return value;
}

// Seconds that the local clock is ahead of UTC.
std::optional<std::int64_t> take_zone(std::string_view& text) {
  if (text.empty() || text == "Z" || text == " UTC") {
    text = {};
    return 0;
  }
  const bool behind = text.front() == '-';
  if (!take(text, '+') && !take(text, '-')) return {};
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 14) return {};
  take(text, ':');
  const auto minutes = text.empty() ? std::optional<int>(0) : take_digits(text, 2);
  if (!minutes || *minutes > 59) return {};
  const std::int64_t offset = *hours * 3600 + *minutes * 60;
  return behind ? -offset : offset;
}

}  // namespace

std::optional<Moment> parse_timestamp(std::string_view text) {
  const auto day = take_date(text);
  if (!day || (!take(text, ' ') && !take(text, 'T'))) return {};
  const auto clock = take_clock(text);
  if (!clock) return {};
  const auto fraction = take_fraction(text);
  if (!fraction) return {};
  const auto ahead = take_zone(text);
  if (!ahead || !text.empty()) return {};
  return Moment{*day + *clock - *ahead, *fraction};
}

}  // namespace kvsim::traces
