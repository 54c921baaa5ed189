// SPDX-License-Identifier: Apache-2.0
// Makes the requests of one stream. What a session will ask is drawn when it starts, so that the same
// sessions meet every fleet, however fast it answers; only the times of later turns depend on the answers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "traces/generators/shared_texts.h"
#include "traces/generators/stream_settings.h"
#include "traces/source.h"

namespace kvsim::traces {

class StreamGenerator {
 public:
  // `owner` numbers the stream in its mix; `names` gains the stream's model, class and tenant.
  StreamGenerator(const StreamSettings& settings, std::uint32_t owner, std::uint64_t seed, Names& names);

  std::optional<Nanoseconds> next_arrival() const;
  Request take(std::uint64_t id);
  void finished(const Finished& outcome);
  bool exhausted() const;
  bool has_sessions() const { return has_sessions_; }  // only then finished() need be called

 private:
  struct Turn {
    std::uint32_t question_tokens = 1;
    std::uint32_t answer_tokens = 1;
    std::uint32_t reasoning_tokens = 0;
    Nanoseconds think = 0;  // before this turn
  };
  struct Session {
    std::uint64_t number = 0;
    std::uint64_t connection = 0;
    std::uint64_t user = 0;  // of a closed loop: the client; else the session's place in order
    std::vector<Turn> turns;
    std::size_t next_turn = 0;
    std::vector<Piece> shared;
    std::vector<Piece> history;  // (text, answer) of each turn that is still in the context
    std::uint64_t history_tokens = 0;
  };
  struct Pending {
    Nanoseconds time;
    std::uint64_t order;
    std::uint32_t slot;
    bool operator>(const Pending& other) const {
      return time != other.time ? time > other.time : order > other.order;
    }
  };

  void draw_start();
  Turn draw_turn(bool first);
  Request blank_request(std::uint64_t id, Nanoseconds arrival, const Turn& turn, std::uint64_t text) const;
  Request single_request(std::uint64_t id);
  std::uint32_t start_session(std::uint64_t user);  // its slot
  Request next_turn(std::uint64_t id, const Pending& pending);
  bool fit_context(Session& session, Turn& turn);
  static void drop_oldest(Session& session, std::uint64_t room);
  void go_on(std::uint32_t slot, Nanoseconds now);
  void end_session(std::uint32_t slot, Nanoseconds now);
  std::uint32_t free_slot();

  StreamSettings settings_;
  std::uint32_t owner_;
  std::uint32_t model_, slo_class_, tenant_;
  bool closed_;
  bool has_sessions_;
  std::unique_ptr<Arrivals> arrivals_;
  RandomStream lengths_, plans_;
  SharedTexts shared_;
  Nanoseconds next_start_ = kNever;  // kNever: no more sessions
  std::uint64_t requests_ = 0;       // given out
  std::uint64_t first_number_;       // of its texts and sessions
  std::uint64_t texts_ = 0;          // numbers questions and answers
  std::uint64_t sessions_started_ = 0;
  std::uint64_t in_flight_ = 0;  // of sessions
  std::vector<Session> sessions_;
  std::vector<std::uint32_t> free_slots_;
  std::unordered_map<std::uint64_t, std::uint32_t> slot_of_request_;
  std::priority_queue<Pending, std::vector<Pending>, std::greater<>> pending_;
  std::uint64_t pending_order_ = 0;
};

}  // namespace kvsim::traces
