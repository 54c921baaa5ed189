// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/csv_table.h"

#include <fmt/format.h>

#include "base/text.h"
#include "validation/figure.h"

namespace kvsim::validation {

CsvTable::CsvTable(std::string_view text, const std::string& file, Problems& problems)
    : file_(file), problems_(problems), header_({}) {
  int number = 0;
  bool has_header = false;
  for (const std::string_view whole : split(text, '\n')) {
    ++number;
    if (trim(whole).empty()) continue;
    std::optional<std::vector<std::string>> cells = traces::split_csv(trim(whole));
    if (cells && !has_header) {
      header_ = traces::CsvHeader(std::move(*cells));
      has_header = true;
    } else if (!cells || cells->size() != header_.size()) {
      problems.add({file, number}, "",
                   cells ? fmt::format("found {} cells for {} columns", cells->size(), header_.size())
                         : "a quote is not closed",
                   "correct the row; the file may be cut off");
    } else {
      rows_.push_back({number, std::move(*cells)});
    }
  }
}

std::string CsvTable::text(const Row& row, std::string_view column) const {
  const auto place = header_.find(column);
  return place ? row.cells[*place] : "";
}

std::optional<double> CsvTable::number(const Row& row, std::string_view column) {
  const std::string cell = text(row, column);
  if (cell.empty()) return {};
  const std::optional<double> value = parse_double(cell);
  if (value && *value >= 0 && *value <= kLargestValue) return value;
  problems_.add({file_, row.line}, std::string(column), fmt::format("found '{}'", shortened(cell)),
                "give a number of 0 or more, or leave the cell empty");
  return {};
}

}  // namespace kvsim::validation
