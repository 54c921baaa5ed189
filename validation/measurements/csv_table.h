// SPDX-License-Identifier: Apache-2.0
// A CSV file as a whole, columns found by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.h"
#include "traces/readers/csv_line.h"

namespace kvsim::validation {

class CsvTable {
 public:
  // Rows of another length than the header, and open quotes, are problems and are left out.
  CsvTable(std::string_view text, const std::string& file, Problems& problems);

  struct Row {
    int line = 0;
    std::vector<std::string> cells;
  };
  const std::vector<Row>& rows() const { return rows_; }
  bool has(std::string_view column) const { return header_.find(column).has_value(); }
  std::string text(const Row& row, std::string_view column) const;  // empty where the column is absent
  // Nothing where the cell is empty or the column absent; anything but a number of 0 or more is a problem.
  std::optional<double> number(const Row& row, std::string_view column);

 private:
  std::string file_;
  Problems& problems_;
  traces::CsvHeader header_;
  std::vector<Row> rows_;
};

}  // namespace kvsim::validation
