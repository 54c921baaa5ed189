// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/fitted_use.h"

#include <cmath>

namespace kvsim::sim {
namespace {

Nanoseconds part_of(Nanoseconds time, std::uint64_t steps, std::uint64_t all) {
  return std::llround(static_cast<double>(time) * static_cast<double>(steps) / static_cast<double>(all));
}

}  // namespace

FittedUse::FittedUse(const std::vector<models::FittedQuantity>& fitted) {
  for (const models::FittedQuantity& one : fitted) tallies_.push_back({{one}});
}

void FittedUse::on_steps(const StepRun& run) {
  if (tallies_.empty()) return;
  const Nanoseconds time = run.end - run.start;
  steps_ += run.steps;
  busy_ += time;
  for (Tally& tally : tallies_) {
    models::QuantityOfRow row;
    if (!models::quantity_of_row(tally.use.fitted, run.work, run.steps, row)) continue;
    tally.use.least = std::fmin(tally.use.least, row.least);  // NaN gives way
    tally.use.most = std::fmax(tally.use.most, row.most);
    if (row.outside == 0) continue;
    tally.use.outside_steps += row.outside;
    tally.outside += part_of(time, row.outside, run.steps);
  }
}

std::vector<QuantityUse> FittedUse::quantities() const {
  std::vector<QuantityUse> uses;
  for (const Tally& tally : tallies_) {
    uses.push_back(tally.use);
    if (steps_ == 0) continue;
    uses.back().outside_steps_share =
        static_cast<double>(tally.use.outside_steps) / static_cast<double>(steps_);
    uses.back().outside_busy_share = busy_ > 0 ? to_seconds(tally.outside) / to_seconds(busy_) : 0;
  }
  return uses;
}

}  // namespace kvsim::sim
