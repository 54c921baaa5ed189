// SPDX-License-Identifier: Apache-2.0
// A mix in two stages: stage 0 sends the warm-up of each stream that has one; when all of it has ended, stage
// 1 sends the whole mix. Only the shared texts are the same in both, so that stage 1 meets the caches that
// stage 0 left behind, and throughput of stage 1 has nothing of stage 0 in it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "traces/generators/mixed_source.h"

namespace kvsim::traces {

class WarmedSource : public Source {
 public:
  WarmedSource(const MixSettings& settings, std::uint64_t seed);

  std::optional<Nanoseconds> next_arrival() override;
  Request take() override;
  void finished(const Finished& outcome) override;
  bool exhausted() override { return stages_[stage_].exhausted() && stage_ == 1; }
  const Names& names() const override { return stages_[1].names(); }
  std::vector<Stage> stages() const override { return shown_; }
  std::string description() const override { return stages_[1].description(); }
  std::optional<double> progress() override;

 private:
  void begin_stage_1();

  std::vector<MixedSource> stages_;
  std::vector<Stage> shown_;
  std::size_t stage_ = 0;
  Nanoseconds start_ = 0;       // of the stage
  std::uint64_t first_id_ = 0;  // of the stage
  std::uint64_t taken_ = 0;     // over both
  std::uint64_t in_flight_ = 0;
  Nanoseconds now_ = 0;  // of the last end
};

}  // namespace kvsim::traces
