// SPDX-License-Identifier: Apache-2.0
// Stages as inference-perf runs them. A stage begins with a lead second, sends its schedule, and ends when
// all its requests have ended; after `interval` the next one begins. Requests beyond the cap in flight wait
// at the client (schedule delay). A round of a conversation holds its place in flight while it waits for the
// round before.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "traces/inference_perf/config.h"
#include "traces/inference_perf/connections.h"
#include "traces/inference_perf/prompts.h"
#include "traces/source.h"

namespace kvsim::traces::inference_perf {

class StagedSource : public Source {
 public:
  // `trace_times`: of a trace replay, seconds from its first request; its one stage is in `config`.
  StagedSource(const Config& config, std::vector<double> trace_times, std::uint64_t seed);

  std::optional<Nanoseconds> next_arrival() override;
  Request take() override;
  void finished(const Finished& outcome) override;
  bool exhausted() override;
  const Names& names() const override { return names_; }
  std::vector<Stage> stages() const override;
  std::string description() const override;
  std::optional<double> progress() override;
  Notes notes() const override { return config_.notes; }

 private:
  struct Ready {
    Nanoseconds time;
    std::uint64_t index;
    bool operator>(const Ready& other) const {
      return time != other.time ? time > other.time : index > other.index;
    }
  };
  struct Conversation {
    bool busy = false;
    std::deque<std::uint64_t> waiting;  // rounds, by index
  };

  void start_stage(std::size_t stage, Nanoseconds begin);
  std::vector<double> make_schedule(std::size_t stage);
  Nanoseconds scheduled(std::uint64_t index) const;
  std::uint64_t held() const { return in_flight_ + waiting_ + ready_.size(); }
  void queue_rounds();
  void release(std::uint64_t session, Nanoseconds now);

  Config config_;
  std::uint64_t seed_;
  std::vector<double> trace_times_;
  std::unique_ptr<Prompts> prompts_;
  Names names_;
  Connections connections_;
  std::unordered_map<std::uint64_t, Conversation> conversations_;
  std::unordered_map<std::uint64_t, std::uint64_t> session_of_request_;

  std::size_t stage_ = 0;
  Nanoseconds start_ = 0;  // of the stage's schedule
  std::vector<double> schedule_;
  std::uint64_t cap_ = 0;
  std::uint64_t next_ = 0;   // first index of the stage not looked at yet
  std::uint64_t ended_ = 0;  // of the stage
  std::uint64_t in_flight_ = 0;
  std::uint64_t waiting_ = 0;  // rounds behind another one of their conversation
  Nanoseconds freed_ = 0;      // when a place in flight came free last
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready_;
  std::uint64_t taken_ = 0;  // over all stages
  std::uint64_t total_ = 0;
};

}  // namespace kvsim::traces::inference_perf
