// SPDX-License-Identifier: Apache-2.0
// What the CSV formats have in common: a header that must name some columns, then rows of as many fields.
#pragma once

#include <string>
#include <vector>

#include "traces/readers/csv_line.h"
#include "traces/readers/line_records.h"

namespace kvsim::traces {

class CsvRecords : public LineRecords {
 public:
  // Reads the header. InputError when one of `required` is not among its columns.
  CsvRecords(LineReader lines, std::string format, const std::vector<std::string>& required,
             const TraceOptions& options);

 protected:
  // Splits the line into the row at hand; false after a fault.
  bool read_row(const Line& line);
  const std::string& cell(std::string_view column) const;  // empty where the column is absent
  // Tokens from `low` up; nothing after a fault.
  std::optional<std::uint32_t> tokens(std::string_view column, std::int64_t low);
  void wrong(std::string_view column, std::string remedy);

 private:
  CsvHeader header_;
  std::vector<std::string> row_;
};

}  // namespace kvsim::traces
