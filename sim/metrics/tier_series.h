// SPDX-License-Identifier: Apache-2.0
// Storage systems and links over time, with a bounded number of rows, and how old the KV at rest has become.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/metrics/bounded_rows.h"
#include "sim/metrics/observer.h"

namespace kvsim::sim {

struct TierRow {  // the state at its end; counters are totals since the start
  Nanoseconds time = 0;
  Nanoseconds width = 0;
  std::vector<StorageSnapshot> storage;
  std::vector<std::uint64_t> peak_used_bytes;  // by storage system, of the row's samples
  std::vector<double> carried_bytes;           // by link

  void absorb(const TierRow& earlier);
};

struct KvAge {
  Nanoseconds max = 0;                // of all samples
  std::optional<Nanoseconds> at_end;  // of the last sample; nothing where it held none
};

class TierSeries {
 public:
  explicit TierSeries(std::uint32_t max_rows) : rows_(max_rows) {}
  void set_links(const std::vector<LinkInfo>& links) { links_ = links; }
  void add(const TierSample& sample);

  const std::vector<LinkInfo>& links() const { return links_; }
  const std::vector<TierRow>& rows() const { return rows_.all(); }
  // By tier and tenant, the latter as an index into the source's names.
  const std::map<std::pair<std::string, std::uint32_t>, KvAge>& ages() const { return ages_; }

 private:
  std::vector<LinkInfo> links_;
  BoundedRows<TierRow> rows_;
  std::map<std::pair<std::string, std::uint32_t>, KvAge> ages_;
};

}  // namespace kvsim::sim
