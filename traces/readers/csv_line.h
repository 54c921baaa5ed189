// SPDX-License-Identifier: Apache-2.0
// Comma-separated lines with a header, columns found by name. Quoted fields may hold commas, not line ends.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvsim::traces {

// Fields without their quotes and outer spaces; nothing for a quote that is not closed.
std::optional<std::vector<std::string>> split_csv(std::string_view line);

class CsvHeader {
 public:
  explicit CsvHeader(std::vector<std::string> columns);
  std::size_t size() const { return columns_.size(); }
  // Place of the column, compared without case.
  std::optional<std::size_t> find(std::string_view name) const;
  // Names that stand twice.
  std::vector<std::string> doubled() const;

 private:
  std::vector<std::string> columns_;
};

}  // namespace kvsim::traces
