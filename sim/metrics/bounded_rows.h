// SPDX-License-Identifier: Apache-2.0
// Rows of a time series, bounded in number: when full, or when a row comes at twice the width of the one
// before, neighbours become one row.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace kvsim::sim {

// A Row has a `width` and absorb(earlier), which makes it the row of both.
template <class Row>
class BoundedRows {
 public:
  explicit BoundedRows(std::uint32_t max_rows) : max_rows_(max_rows) {}

  void add(Row row) {
    const bool doubled = rows_.size() > 1 && row.width >= 2 * rows_.back().width;
    if (rows_.size() >= max_rows_ || doubled) merge_pairs();
    rows_.push_back(std::move(row));
  }
  const std::vector<Row>& all() const { return rows_; }

 private:
  void merge_pairs() {
    std::vector<Row> merged;
    for (std::size_t i = 0; i < rows_.size(); i += 2) {
      if (i + 1 < rows_.size()) rows_[i + 1].absorb(rows_[i]);
      merged.push_back(std::move(rows_[i + 1 < rows_.size() ? i + 1 : i]));
    }
    rows_ = std::move(merged);
  }

  std::uint32_t max_rows_;
  std::vector<Row> rows_;
};

}  // namespace kvsim::sim
