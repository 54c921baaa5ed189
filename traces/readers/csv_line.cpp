// SPDX-License-Identifier: Apache-2.0
#include "traces/readers/csv_line.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace kvsim::traces {
namespace {

// Takes the text between quotes off the front; "" inside stands for one quote.
bool take_quoted(std::string_view& left, std::string& field) {
  left.remove_prefix(1);
  while (!left.empty()) {
    const std::size_t quote = left.find('"');
    if (quote == std::string_view::npos) return false;
    field += left.substr(0, quote);
    left.remove_prefix(quote + 1);
    if (!left.starts_with('"')) return true;
    field += '"';
    left.remove_prefix(1);
  }
  return false;
}

}  // namespace

std::optional<std::vector<std::string>> split_csv(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    std::string field;
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.starts_with('"') && !take_quoted(line, field)) return {};
    const std::size_t comma = line.find(',');
    field += trim(line.substr(0, comma));
    fields.push_back(std::move(field));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

CsvHeader::CsvHeader(std::vector<std::string> columns) : columns_(std::move(columns)) {
  for (std::string& column : columns_) column = lower(column);
}

std::optional<std::size_t> CsvHeader::find(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), lower(name));
  if (found == columns_.end()) return {};
  return static_cast<std::size_t>(found - columns_.begin());
}

std::vector<std::string> CsvHeader::doubled() const {
  std::set<std::string> seen;
  std::set<std::string> twice;
  for (const std::string& column : columns_) {
    if (!seen.insert(column).second) twice.insert(column);
  }
  return {twice.begin(), twice.end()};
}

}  // namespace kvsim::traces
