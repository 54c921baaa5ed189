// SPDX-License-Identifier: Apache-2.0
// What Prometheus would have scraped from the engines of a run: vLLM's metrics by replica over time. Figures
// begin and end at the engine: an answer's times are the client's less the network's way back, so that the
// time for which a proxying router holds a stream up (`router.cost`) is still in them.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "sim/metrics/observer.h"
#include "sim/report/exports/engine_metrics.h"
#include "sim/report/exports/scraped_rows.h"
#include "sim/scenario/fleet.h"

namespace kvsim::sim {

struct ScrapedPool {
  std::string model;  // as clients call it
  std::string name;
  std::string site;
  std::vector<EngineMetric> metrics;
  std::array<std::size_t, kEngineValues> offsets{};  // of each value's cells within an engine's
  std::size_t cells = 0;                             // of one engine
};

struct ScrapedEngine {
  std::uint32_t pool = 0;
  std::uint32_t index = 0;  // within its pool
  std::size_t first_cell = 0;
  Nanoseconds one_way = 0;  // from a client
};

class EngineScrapes : public Observer {
 public:
  // Keeps at most `max_values` numbers of 8 bytes (but of two scrapes in any case).
  explicit EngineScrapes(const Fleet& fleet, std::size_t max_values = 2'000'000);

  void on_finished(const RequestRecord& record) override;
  void on_gaps(const TokenGaps& gaps) override;
  void on_sample(Nanoseconds time, Nanoseconds width, const ReplicaSnapshot* replicas,
                 std::uint32_t count) override;
  void on_replica(Nanoseconds time, std::uint32_t replica, ReplicaState state) override;

  const std::string& fleet() const { return fleet_; }  // its name
  const std::vector<ScrapedPool>& pools() const { return pools_; }
  const std::vector<ScrapedEngine>& engines() const { return engines_; }
  const std::vector<ScrapedRow>& rows() const { return rows_.rows(); }
  std::size_t cell(const ScrapedEngine& engine, EngineValue value) const;
  // False: the engine was down at that row, and nothing could be scraped.
  bool answers(const ScrapedEngine& engine, const ScrapedRow& row) const;

 private:
  struct Life;  // of a request within one engine

  bool has(const ScrapedEngine& engine, EngineValue value) const;
  void count(const ScrapedEngine& engine, EngineValue value, Nanoseconds time, double increase);
  void observe(const ScrapedEngine& engine, EngineValue value, Nanoseconds time, double amount);
  void observe_seconds(const ScrapedEngine& engine, EngineValue value, Nanoseconds from, Nanoseconds to,
                       Nanoseconds time);
  void add_life(const ScrapedEngine& engine, const Life& life);
  void set_totals(const ScrapedEngine& engine, const ReplicaSnapshot& now, ReplicaSnapshot& before);

  std::string fleet_;
  std::vector<ScrapedPool> pools_;
  std::vector<ScrapedEngine> engines_;
  std::vector<bool> is_up_;              // by engine
  std::vector<ReplicaSnapshot> before_;  // by engine: at the last sample
  ScrapedRows rows_;
};

}  // namespace kvsim::sim
