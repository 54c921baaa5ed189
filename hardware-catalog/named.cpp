// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/named.h"

namespace kvsim {
namespace {

constexpr std::size_t kLongestName = 200;
constexpr std::string_view kValidName = "1 to 200 letters, digits or . _ - / + :";

bool is_valid_name(std::string_view text) {
  const auto is_valid = [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || std::string_view("._-/+:").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= kLongestName && std::all_of(text.begin(), text.end(), is_valid);
}

}  // namespace

std::string read_name(Fields& fields, std::string_view key) {
  std::string name = fields.text(key);
  if (fields.has(key) && !is_valid_name(name)) {
    fields.problem(key, "found a name of other characters or length", "use " + std::string(kValidName));
  }
  return name;
}

std::vector<std::string> read_aliases(Fields& fields) {
  std::vector<std::string> aliases = fields.texts("aliases");
  if (!std::all_of(aliases.begin(), aliases.end(), is_valid_name)) {
    fields.problem("aliases", "found an alias of other characters or length",
                   "use " + std::string(kValidName));
  }
  return aliases;
}

}  // namespace kvsim
