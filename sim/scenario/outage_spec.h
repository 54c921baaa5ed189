// SPDX-License-Identifier: Apache-2.0
// What of a fleet fails or is taken down, when, and what becomes of its requests. docs/outages.md tells the
// rules. Times are whole milliseconds since the start.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"

namespace kvsim::sim {

struct ScheduledOutage {
  Nanoseconds at = 0;
  Nanoseconds lasts = 0;
};

struct RandomOutages {   // exponential, of these means
  Nanoseconds mtbf = 0;  // in service, start-up not counted
  Nanoseconds mttr = 0;
};

// Servers of a pool in `groups` of neighbours: group n modulo `groups` has its turn at first + n * every.
struct Drains {
  Nanoseconds first = 0;
  Nanoseconds every = 0;
  Nanoseconds lasts = 0;
  std::uint32_t groups = 1;
};

enum class OutageScope : std::uint8_t { kReplicas, kServers, kPool, kSite, kStorage };

// Each member of kReplicas and kServers is an element that fails on its own; of the others there is one.
struct OutageSpec {
  OutageScope scope = OutageScope::kPool;
  std::string name;                    // of the pool, site or storage system
  std::vector<std::uint32_t> members;  // of kReplicas and kServers: indices in the pool, ascending
  std::optional<Nanoseconds> startup;  // nothing: the pool's
  std::variant<ScheduledOutage, RandomOutages, Drains> when;  // Drains: of kServers alone
};

struct RecoverySettings {
  bool retries_lost = true;        // else a lost request has failed
  std::uint32_t retries = 10;      // of one request; then it has failed after all
  bool waits_for_replica = false;  // where none of its replicas is left; else it is rejected
  Nanoseconds detection = 5 * kNanosecondsPerSecond;  // until routers know of a failure
  friend bool operator==(const RecoverySettings&, const RecoverySettings&) = default;
};

}  // namespace kvsim::sim
