// SPDX-License-Identifier: Apache-2.0
#include "traces/readers/csv_records.h"

#include <fmt/format.h>

#include "base/text.h"

namespace kvsim::traces {
namespace {

constexpr std::size_t kMostColumns = 256;

CsvHeader read_header(LineReader& lines, const std::vector<std::string>& required) {
  const std::optional<Line> line = lines.next();
  const auto columns = line ? split_csv(line->text) : std::vector<std::string>{};
  const int number = line ? line->number : 0;
  const std::string remedy =
      "the first line must name the columns, commas between them: " + join(required, ", ");
  Problems problems;
  if (!columns || columns->size() > kMostColumns) {
    problems.add({lines.path(), number}, "", "the header is not a line of column names", remedy);
    problems.throw_if_any();
  }
  CsvHeader header(*columns);
  for (const std::string& name : required) {
    if (!header.find(name)) problems.add({lines.path(), number}, name, "this column is missing", remedy);
  }
  for (const std::string& name : header.doubled()) {
    problems.add({lines.path(), number}, name.substr(0, 80), "this column stands twice", "give it once");
  }
  problems.throw_if_any();
  return header;
}

}  // namespace

CsvRecords::CsvRecords(LineReader reader, std::string format, const std::vector<std::string>& required,
                       const TraceOptions& options)
    : LineRecords(std::move(reader), std::move(format), options), header_(read_header(lines(), required)) {}

bool CsvRecords::read_row(const Line& line) {
  auto row = split_csv(line.text);
  if (!row) {
    fault("", "a quote is not closed", "close it on the same line");
    return false;
  }
  if (row->size() != header_.size()) {
    fault("", fmt::format("{} fields", row->size()),
          fmt::format("the header names {} columns; a short last line means that the file is cut off",
                      header_.size()));
    return false;
  }
  row_ = std::move(*row);
  return true;
}

const std::string& CsvRecords::cell(std::string_view column) const {
  static const std::string kNone;
  const auto place = header_.find(column);
  return place ? row_[*place] : kNone;
}

void CsvRecords::wrong(std::string_view column, std::string remedy) {
  fault(std::string(column), fmt::format("found '{}'", cell(column).substr(0, 40)), std::move(remedy));
}

std::optional<std::uint32_t> CsvRecords::tokens(std::string_view column, std::int64_t low) {
  const auto number = parse_double(cell(column));  // some exports write 12.0
  if (number && *number >= static_cast<double>(low) && *number <= static_cast<double>(kMostTokens)) {
    const auto whole = static_cast<std::uint32_t>(*number);
    if (static_cast<double>(whole) == *number) return whole;
  }
  wrong(column, fmt::format("give a whole number from {} to {}", low, kMostTokens));
  return {};
}

}  // namespace kvsim::traces
