// SPDX-License-Identifier: Apache-2.0
// timeline.json for ui.perfetto.dev and chrome://tracing (Trace Event Format): each replica is a process with
// its engine steps, counters, outages and, as asynchronous slices, its requests. Written while the simulation
// runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/metrics/observer.h"
#include "sim/metrics/pool_info.h"
#include "sim/report/streamed_file.h"

namespace kvsim::sim {

struct TimelineOptions {
  std::uint64_t max_events = 1'000'000;  // about 130 bytes each; what comes later is left out and counted
};

class Timeline : public Observer {
 public:
  Timeline(const std::string& path, const std::vector<PoolInfo>& pools, TimelineOptions options = {});

  void on_finished(const RequestRecord& record) override;
  void on_steps(const StepRun& run) override;
  void on_sample(Nanoseconds time, Nanoseconds width, const ReplicaSnapshot* replicas,
                 std::uint32_t count) override;
  void on_replica(Nanoseconds time, std::uint32_t replica, ReplicaState state) override;
  void commit();
  std::uint64_t left_out() const { return left_out_; }

 private:
  bool take(std::uint64_t events);  // room for this many more?
  void event(const std::string& text);
  void counter(std::uint32_t replica, Nanoseconds time, const char* name, const std::string& values);
  void mark(const RequestRecord& record, char phase, const char* name, Nanoseconds time);

  struct Tokens {  // so far
    std::uint64_t prompt = 0;
    std::uint64_t generated = 0;
  };

  StreamedFile file_;
  TimelineOptions options_;
  std::vector<Tokens> tokens_;  // by replica, at the last sample
  std::uint64_t written_ = 0;
  std::uint64_t left_out_ = 0;
  bool empty_ = true;
};

}  // namespace kvsim::sim
