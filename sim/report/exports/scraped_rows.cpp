// SPDX-License-Identifier: Apache-2.0
#include "sim/report/exports/scraped_rows.h"

#include <algorithm>
#include <utility>

namespace kvsim::sim {
namespace {

constexpr std::size_t kMostRows = 720;

}  // namespace

ScrapedRows::ScrapedRows(std::vector<bool> is_gauge, std::size_t max_values)
    : is_gauge_(std::move(is_gauge)),
      max_rows_(
          std::clamp<std::size_t>(max_values / std::max<std::size_t>(1, is_gauge_.size()), 2, kMostRows)),
      open_(is_gauge_.size()) {}

void ScrapedRows::add(std::size_t cell, Nanoseconds time, double increase) {
  const auto row = std::lower_bound(rows_.begin(), rows_.end(), time,
                                    [](const ScrapedRow& one, Nanoseconds at) { return one.time < at; });
  (row == rows_.end() ? open_ : row->cells)[cell] += increase;
}

void ScrapedRows::close(Nanoseconds time) {
  append({time, open_});
  for (std::size_t cell = 0; cell < open_.size(); ++cell)
    if (!is_gauge_[cell]) open_[cell] = 0;
  while (rows_.size() > max_rows_) thin_out();
}

// The later of two rows of one scrape has the gauges.
void ScrapedRows::append(ScrapedRow row) {
  row.time = scrape_after(row.time);
  if (!rows_.empty() && rows_.back().time == row.time) {
    for (std::size_t cell = 0; cell < row.cells.size(); ++cell)
      if (!is_gauge_[cell]) row.cells[cell] += rows_.back().cells[cell];
    rows_.pop_back();
  }
  rows_.push_back(std::move(row));
}

void ScrapedRows::thin_out() {
  period_ *= 2;
  for (ScrapedRow& row : std::exchange(rows_, {})) append(std::move(row));
}

}  // namespace kvsim::sim
