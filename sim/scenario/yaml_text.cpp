// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/yaml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace kvsim::sim {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_plain(std::string_view text) {
  static constexpr std::array<std::string_view, 13> kWords{
      "true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf", "infinity", "none"};
  if (text.empty() || !(is_letter(text.front()) || text.front() == '/')) return false;
  if (std::find(kWords.begin(), kWords.end(), lower(text)) != kWords.end()) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') ||
           std::string_view("_./-+").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string yaml_text(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string yaml_number(double value) { return fmt::format("{}", value); }

}  // namespace kvsim::sim
