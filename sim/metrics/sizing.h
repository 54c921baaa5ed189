// SPDX-License-Identifier: Apache-2.0
// What a run says about the storage and the network that its tiers need. docs/metrics.md defines each figure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/observer.h"
#include "sim/metrics/quantiles.h"

namespace kvsim::sim {

struct StorageFacts {  // of one storage system, as the fleet describes it
  std::string name;
  std::string kind;
  std::string site;
  bool local = false;  // one in each server: capacity and endurance are of one
  std::uint64_t capacity_bytes = 0;
  std::optional<double> retention_seconds;  // nothing: unlimited
  bool retention_since_last_use = false;    // else since the write
  std::optional<double> endurance_bytes;    // that may be written in its life
};

struct Rates {  // over windows of the run
  double mean = kNotANumber;
  double p50 = kNotANumber;
  double p99 = kNotANumber;
  double max = kNotANumber;
};

struct RetentionNeed {
  double retention_seconds = 0;
  double bytes = kNotANumber;
};

struct StorageSizing {
  StorageFacts facts;
  StorageSnapshot end;
  std::uint64_t peak_used_bytes = 0;
  double written_bytes_per_day = kNotANumber;
  double growth_bytes_per_day = kNotANumber;  // net of deletions
  std::vector<RetentionNeed> needed;
  std::optional<double> endurance_bytes;  // of all servers' drives where it is local
  std::optional<double> years_to_wear_out;
  Rates operations_per_second;
  Rates files_written_per_second;
};

struct LinkSizing {
  LinkInfo link;
  Rates bytes_per_second;
  double share_of_capacity_p99 = kNotANumber;
};

struct LinkKindSizing {  // all windows of all links of a kind
  LinkInfo::Kind kind = LinkInfo::Kind::kNic;
  std::uint64_t links = 0;
  Rates bytes_per_second;
  double share_of_capacity_p99 = kNotANumber;
  std::string busiest;  // the link with the largest p99 share
};

struct HostSizing {  // the host tiers of one pool together
  std::string pool;
  std::uint64_t capacity_bytes = 0;
  std::uint64_t used_bytes = 0;    // at the end
  double usage_max = kNotANumber;  // largest row of the time series
};

struct OldestSizing {
  std::string tier;
  std::string tenant;
  double max_age_seconds = 0;
  std::optional<double> end_age_seconds;  // nothing: it holds none at the end
};

struct StoragePoint {  // one storage system in one row of the time series
  std::uint64_t used_bytes = 0;
  std::uint64_t blocks = 0;
  std::uint64_t files = 0;
  double write_bytes_per_second = 0;
  double read_bytes_per_second = 0;
  double operations_per_second = 0;
};

struct TierPoint {
  double time_seconds = 0;  // end of the row
  double width_seconds = 0;
  std::vector<StoragePoint> storage;
  std::vector<double> link_bytes_per_second;
};

struct HitPoint {  // of all pools: shares of the prompt tokens looked up; NaN where none was
  double time_seconds = 0;
  double gpu = kNotANumber;
  double host = kNotANumber;
  double storage = kNotANumber;
};

struct Sizing {
  double from_seconds = 0;  // of the window for rates a day, since the start of the run
  double to_seconds = 0;
  bool after_warmup = false;     // else nothing was left after it: the window is the whole run
  double sample_seconds = 0;     // length of the windows for means and percentiles
  std::vector<HostSizing> host;  // pools with a host tier
  std::vector<StorageSizing> storage;
  std::vector<LinkKindSizing> link_kinds;
  std::vector<LinkSizing> links;
  std::vector<OldestSizing> oldest;
  std::vector<TierPoint> series;
  std::vector<HitPoint> hits;
};

const char* to_string(LinkInfo::Kind kind);
double gbit_per_second(double bytes_per_second);  // 10^9 bits

}  // namespace kvsim::sim
