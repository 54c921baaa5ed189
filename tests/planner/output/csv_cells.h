// SPDX-License-Identifier: Apache-2.0
// A CSV text (RFC 4180) as rows of cells.
#pragma once

#include <algorithm>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace kvsim::planner {

class CsvCells {
 public:
  explicit CsvCells(const std::function<void(std::ostream&)>& write) {
    std::ostringstream out;
    write(out);
    read(out.str());
  }

  std::size_t rows() const { return rows_.size() - 1; }
  const std::string& cell(std::size_t row, const std::string& column) const {
    const auto found = std::find(rows_[0].begin(), rows_[0].end(), column);
    if (found == rows_[0].end()) throw std::runtime_error("no column " + column);
    return rows_[row + 1].at(static_cast<std::size_t>(found - rows_[0].begin()));
  }
  double sum(const std::string& column) const {
    double total = 0;
    for (std::size_t row = 0; row < rows(); ++row)
      if (!cell(row, column).empty()) total += std::stod(cell(row, column));
    return total;
  }
  bool is_even() const {
    return std::all_of(rows_.begin(), rows_.end(),
                       [this](const auto& row) { return row.size() == rows_[0].size(); });
  }

 private:
  void read(const std::string& text) {
    rows_.emplace_back(1);
    bool quoted = false;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {  // the last newline ends the last row
      if (text[i] == '"' && quoted && text[i + 1] == '"')
        rows_.back().back() += text[i++];
      else if (text[i] == '"')
        quoted = !quoted;
      else if (quoted || (text[i] != ',' && text[i] != '\n'))
        rows_.back().back() += text[i];
      else if (text[i] == ',')
        rows_.back().emplace_back();
      else
        rows_.emplace_back(1);
    }
  }

  std::vector<std::vector<std::string>> rows_;
};

}  // namespace kvsim::planner
