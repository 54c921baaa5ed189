// SPDX-License-Identifier: Apache-2.0
#include "sim/report/exports/scraped_rows.h"

#include <algorithm>

namespace kvsim::sim {
namespace {

constexpr std::size_t kMostRows = 720;
constexpr Nanoseconds kMillisecond = 1'000'000;  // as fine as Prometheus keeps time

}  // namespace

ScrapedRows::ScrapedRows(std::vector<bool> is_gauge, std::size_t max_values)
    : is_gauge_(std::move(is_gauge)),
      max_rows_(std::clamp<std::size_t>(max_values / std::max<std::size_t>(1, is_gauge_.size()), 2, kMostRows)),
      open_(is_gauge_.size()) {}

void ScrapedRows::add(std::size_t cell, Nanoseconds time, double increase) {
  const auto row = std::lower_bound(rows_.begin(), rows_.end(), time,
                                    [](const ScrapedRow& one, Nanoseconds at) { return one.time < at; });
  (row == rows_.end() ? open_ : row->cells)[cell] += increase;
}

bool ScrapedRows::is_between(Nanoseconds last, Nanoseconds time) const {
  return last % period_ != 0 || time - last < kMillisecond;
}

void ScrapedRows::close(Nanoseconds time) {
  if (rows_.size() > 1 && is_between(rows_.back().time, time)) {
    absorb(rows_.back(), open_);
    rows_.pop_back();
  }
  rows_.push_back({time, open_});
  for (std::size_t cell = 0; cell < open_.size(); ++cell)
    if (!is_gauge_[cell]) open_[cell] = 0;
  if (rows_.size() > max_rows_) thin_out();
}

void ScrapedRows::absorb(const ScrapedRow& earlier, std::vector<double>& later) const {
  for (std::size_t cell = 0; cell < later.size(); ++cell)
    if (!is_gauge_[cell]) later[cell] += earlier.cells[cell];
}

void ScrapedRows::thin_out() {
  while (rows_.size() > max_rows_) {
    period_ *= 2;
    std::vector<ScrapedRow> kept;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].time % period_ == 0 || i + 1 == rows_.size())
        kept.push_back(std::move(rows_[i]));
      else
        absorb(rows_[i], rows_[i + 1].cells);
    }
    rows_ = std::move(kept);
  }
}

}  // namespace kvsim::sim
