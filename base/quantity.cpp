// SPDX-License-Identifier: Apache-2.0
#include "base/quantity.h"

#include <charconv>
#include <cmath>

#include "base/text.h"

namespace kvsim {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr Unit kByteUnits[] = {
    {"", 1},        {"B", 1},        {"k", 1e3},      {"K", 1e3},      {"M", 1e6},      {"G", 1e9},
    {"T", 1e12},    {"P", 1e15},     {"kB", 1e3},     {"KB", 1e3},     {"MB", 1e6},     {"GB", 1e9},
    {"TB", 1e12},   {"PB", 1e15},    {"Ki", 0x1p10},  {"Mi", 0x1p20},  {"Gi", 0x1p30},  {"Ti", 0x1p40},
    {"Pi", 0x1p50}, {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"TiB", 0x1p40}, {"PiB", 0x1p50},
};

constexpr Unit kKubernetesUnits[] = {
    {"n", 1e-9},    {"u", 1e-6},    {"m", 1e-3},    {"", 1},        {"k", 1e3},     {"M", 1e6},
    {"G", 1e9},     {"T", 1e12},    {"P", 1e15},    {"E", 1e18},    {"Ki", 0x1p10}, {"Mi", 0x1p20},
    {"Gi", 0x1p30}, {"Ti", 0x1p40}, {"Pi", 0x1p50}, {"Ei", 0x1p60},
};

constexpr Unit kTimeUnits[] = {
    {"ns", 1e-9}, {"us", 1e-6}, {"\u00b5s", 1e-6}, {"ms", 1e-3},
    {"s", 1},     {"m", 60},    {"h", 3600},       {"d", 86400},
};

template <std::size_t N>
std::optional<double> factor_of(std::string_view name, const Unit (&units)[N]) {
  for (const Unit& unit : units) {
    if (unit.name == name) return unit.factor;
  }
  return {};
}

// Takes one number, not negative and without a sign, off the front of `text`.
std::optional<double> take_number(std::string_view& text) {
  if (text.empty() || !(text.front() == '.' || (text.front() >= '0' && text.front() <= '9'))) return {};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

template <std::size_t N>
std::optional<double> parse_with_unit(std::string_view text, const Unit (&units)[N]) {
  const auto number = take_number(text);
  const auto factor = factor_of(trim(text), units);
  if (!number || !factor || !std::isfinite(*number * *factor)) return {};
  return *number * *factor;
}

}  // namespace

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  text = trim(text);
  std::uint64_t exact = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exact);
  if (error == std::errc() && end == text.data() + text.size()) return exact;
  const auto amount = parse_with_unit(text, kByteUnits);
  if (!amount || *amount >= 0x1p64) return {};
  return static_cast<std::uint64_t>(*amount + 0.5);
}

std::optional<double> parse_kubernetes_quantity(std::string_view text) {
  return parse_with_unit(trim(text), kKubernetesUnits);
}

std::optional<double> parse_duration_seconds(std::string_view text) {
  text = trim(text);
  std::optional<double> number = take_number(text);
  if (number && text.empty()) return number;
  double sum = 0;
  for (; number; number = take_number(text)) {
    const std::size_t unit_end = text.find_first_of("0123456789.");
    const auto factor = factor_of(text.substr(0, unit_end), kTimeUnits);
    if (!factor) return {};
    sum += *number * *factor;
    if (unit_end == std::string_view::npos) return std::isfinite(sum) ? std::optional(sum) : std::nullopt;
    text.remove_prefix(unit_end);
  }
  return {};
}

}  // namespace kvsim
