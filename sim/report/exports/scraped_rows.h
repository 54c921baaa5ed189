// SPDX-License-Identifier: Apache-2.0
// Numbers as a scraper finds them at times 0, p, 2 p, ...: what is told in between counts for the next of
// them. The period p, at first a second, doubles whenever there are too many rows.
#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"

namespace kvsim::sim {

struct ScrapedRow {
  Nanoseconds time = 0;
  std::vector<double> cells;  // gauges as they are, of counters the increase since the row before
};

class ScrapedRows {
 public:
  // One flag a cell: a gauge. Keeps at most `max_values` cells, but two rows in any case.
  ScrapedRows(std::vector<bool> is_gauge, std::size_t max_values);

  // An increase at a time: of the first row at or after it, be it past or under way.
  void add(std::size_t cell, Nanoseconds time, double increase);
  // Of the row under way, which is over with close().
  double& now(std::size_t cell) { return open_[cell]; }
  void close(Nanoseconds time);  // later each time

  const std::vector<ScrapedRow>& rows() const { return rows_; }

 private:
  Nanoseconds scrape_after(Nanoseconds time) const { return (time + period_ - 1) / period_ * period_; }
  void append(ScrapedRow row);
  void thin_out();

  std::vector<bool> is_gauge_;
  std::size_t max_rows_;
  Nanoseconds period_ = kNanosecondsPerSecond;
  std::vector<ScrapedRow> rows_;
  std::vector<double> open_;
};

}  // namespace kvsim::sim
