// SPDX-License-Identifier: Apache-2.0
// Conversations replayed as sessions: session k of a stage runs conversation k modulo their number, turn
// after turn; a tool call's time passes between an answer and the next turn. Sessions start at an even pace
// (or all at once), as long as a place among the concurrent ones is free. A failed turn ends its session.
#pragma once

#include <cstdint>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "traces/inference_perf/config.h"
#include "traces/source.h"

namespace kvsim::traces::inference_perf {

class SessionSource : public Source {
 public:
  SessionSource(const Config& config, std::uint64_t seed);

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
  struct Turn {
    std::uint32_t input_tokens;
    std::uint32_t output_tokens;
    Nanoseconds tool_call;  // after it
  };
  struct Conversation {
    std::uint32_t system_tokens;
    std::uint64_t first_turn;  // number of its first turn over all conversations
    std::vector<Turn> turns;
  };
  struct Session {
    std::uint64_t number;  // over all stages
    std::size_t conversation;
    std::size_t next_turn = 0;
    std::vector<Piece> context;
  };
  struct Pending {
    Nanoseconds time;
    std::uint64_t session;
    bool operator>(const Pending& other) const {
      return time != other.time ? time > other.time : session > other.session;
    }
  };

  void draw_conversations(std::uint64_t seed);
  void start_stage(std::size_t stage, Nanoseconds begin);
  const LoadStage& load() const { return config_.load.stages[stage_]; }
  std::uint64_t sessions_of(const LoadStage& stage) const;
  std::optional<Nanoseconds> next_start() const;
  void start_session(Nanoseconds now);
  Request ask(Session& session, Nanoseconds now);
  bool has_next_turn(const Session& session) const;
  void end_session(std::uint64_t session, Nanoseconds now);

  Config config_;
  Names names_;
  std::vector<Conversation> conversations_;
  std::size_t stage_ = 0;
  Nanoseconds start_ = 0;
  Nanoseconds freed_ = 0;
  std::uint64_t started_ = 0;  // of the stage
  std::uint64_t ended_ = 0;    // of the stage
  std::uint64_t all_started_ = 0;
  std::uint64_t all_sessions_ = 0;
  std::uint64_t requests_ = 0;
  std::unordered_map<std::uint64_t, Session> sessions_;
  std::unordered_map<std::uint64_t, std::uint64_t> session_of_request_;
  std::priority_queue<Pending, std::vector<Pending>, std::greater<>> pending_;
};

}  // namespace kvsim::traces::inference_perf
