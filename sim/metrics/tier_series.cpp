// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/tier_series.h"

#include <algorithm>

namespace kvsim::sim {

void TierRow::absorb(const TierRow& earlier) {
  width += earlier.width;
  for (std::size_t i = 0; i < peak_used_bytes.size(); ++i)
    peak_used_bytes[i] = std::max(peak_used_bytes[i], earlier.peak_used_bytes[i]);
}

void TierSeries::add(const TierSample& sample) {
  TierRow row{sample.time, sample.width, sample.storage, {}, sample.carried_bytes};
  for (const StorageSnapshot& system : sample.storage) row.peak_used_bytes.push_back(system.used_bytes);
  rows_.add(std::move(row));
  for (auto& [where, age] : ages_) age.at_end.reset();
  for (const OldestKv& oldest : sample.oldest) {
    KvAge& age = ages_[{oldest.tier, oldest.tenant}];
    age.max = std::max(age.max, oldest.age);
    age.at_end = std::max(age.at_end.value_or(0), oldest.age);
  }
}

}  // namespace kvsim::sim
