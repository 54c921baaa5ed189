// SPDX-License-Identifier: Apache-2.0
// How an engine gets KV from prefill replicas: vLLM's NIXL connector on the side that decodes. All tokens
// that the GPU's cache does not have are read at once, from the plan's step on:
//   handshake (first read from that replica) + start, then the bytes over the fabric
// docs/disaggregation.md tells the rules.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "sim/fabric/transfers.h"
#include "sim/replica/job_ids.h"
#include "sim/replica/sequence.h"

namespace kvsim::sim {

struct PullContext {
  std::uint32_t replica = 0;
  double bytes_per_token = 0;  // over all its ranks
  double handshake_seconds = 0;
  double start_seconds = 0;
  Transfers* transfers = nullptr;
  JobIds* ids = nullptr;
};

class PullConnector {
 public:
  explicit PullConnector(const PullContext& context) : context_(context) {}

  // The last `tokens` of its prompt are to be read; that starts with submit().
  void begin(Sequence& sequence, std::uint64_t tokens, Nanoseconds now);
  void submit(Nanoseconds ready);

  // Whose read has ended; nullptr: the job is none of these.
  Sequence* end(JobId job);
  bool busy() const { return !jobs_.empty(); }
  std::vector<JobId> under_way() const;                  // ascending
  std::uint64_t pulls() const { return pulls_; }         // that have ended
  double pulled_bytes() const { return pulled_bytes_; }  // by these

 private:
  double bytes_of(const Sequence& sequence) const;

  PullContext context_;
  std::vector<Sequence*> pending_;  // of the plan being made
  std::unordered_map<JobId, Sequence*> jobs_;
  std::set<std::uint32_t> known_;  // replicas that it has read from
  std::uint64_t pulls_ = 0;
  double pulled_bytes_ = 0;
};

}  // namespace kvsim::sim
