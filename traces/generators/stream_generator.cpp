// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/stream_generator.h"

#include <algorithm>

#include "traces/generators/content_id.h"

namespace kvsim::traces {

namespace {

// Nothing is sent later, so that a time plus a pause or a timeout (up to 1e9 s) always fits into nanoseconds.
constexpr double kLastSecond = 4.0e9;
constexpr std::uint32_t kMaxTurns = 10'000;
constexpr std::uint64_t kWarmingNumbers = std::uint64_t{1} << 47;  // far beyond those of the stage after it

std::string draws_of(const StreamSettings& settings, const char* what) {
  return settings.name + (settings.warming ? "/warm-up" : "") + what;
}

bool asks_once(const SessionSettings& session) {
  return session.turns.is_fixed() && session.turns.nominal_mean() <= 1 &&
         session.context_cap_tokens == SessionSettings{}.context_cap_tokens;
}

}  // namespace

StreamGenerator::StreamGenerator(const StreamSettings& settings, std::uint32_t owner, std::uint64_t seed,
                                 Names& names)
    : settings_(settings),
      owner_(owner),
      model_(intern(names.models, settings.model)),
      slo_class_(intern(names.slo_classes, settings.slo_class)),
      tenant_(intern(names.tenants, settings.tenant)),
      closed_(settings.arrivals.process == ArrivalSettings::Process::kClosed),
      has_sessions_(closed_ || !asks_once(settings.session)),
      arrivals_(make_arrivals(settings.arrivals, seed, draws_of(settings, ""))),
      lengths_(seed, draws_of(settings, "/lengths")),
      plans_(seed, draws_of(settings, "/sessions")),
      shared_(settings, owner, seed),
      first_number_(settings.warming ? kWarmingNumbers : 0) {
  settings_.duration = std::min(settings_.duration, from_seconds(kLastSecond));
  draw_start();
}

void StreamGenerator::draw_start() {
  const double seconds = arrivals_->next();
  next_start_ = seconds < kLastSecond ? from_seconds(seconds) : kNever;
  if (next_start_ >= settings_.duration) next_start_ = kNever;
}

std::optional<Nanoseconds> StreamGenerator::next_arrival() const {
  if (requests_ >= settings_.max_requests) return {};
  const Nanoseconds time = pending_.empty() ? next_start_ : std::min(next_start_, pending_.top().time);
  return time == kNever ? std::nullopt : std::optional(time);
}

bool StreamGenerator::exhausted() const {
  if (requests_ >= settings_.max_requests) return true;
  return next_start_ == kNever && pending_.empty() && in_flight_ == 0;
}

Request StreamGenerator::take(std::uint64_t id) {
  ++requests_;
  if (!has_sessions_) return single_request(id);
  if (pending_.empty() || next_start_ < pending_.top().time) {
    pending_.push({next_start_, pending_order_++, start_session(sessions_started_)});
    draw_start();
  }
  const Pending pending = pending_.top();
  pending_.pop();
  return next_turn(id, pending);
}

StreamGenerator::Turn StreamGenerator::draw_turn(bool first) {
  Turn turn;
  const LengthPair pair = sample_lengths(settings_.lengths, lengths_);
  turn.question_tokens = pair.input_tokens;
  turn.answer_tokens = pair.output_tokens;
  const double reasoning = settings_.session.reasoning_tokens.sample(lengths_);
  if (reasoning >= 0.5) turn.reasoning_tokens = round_tokens(reasoning);
  if (const std::uint32_t limit = settings_.max_output_tokens; limit > 0) {
    turn.reasoning_tokens = std::min(turn.reasoning_tokens, limit - 1);
    turn.answer_tokens = std::min(turn.answer_tokens, limit - turn.reasoning_tokens);
  }
  if (!first || closed_) {
    turn.think = from_seconds(settings_.session.think_seconds.sample(plans_));
  }
  return turn;
}

Request StreamGenerator::blank_request(std::uint64_t id, Nanoseconds arrival, const Turn& turn,
                                       std::uint64_t text) const {
  Request request;
  request.id = id;
  request.arrival = request.intended = arrival;
  request.output_tokens = turn.reasoning_tokens + turn.answer_tokens;
  request.max_output_tokens = settings_.max_output_tokens;
  request.output_stream = content_id(owner_, Content::kAnswer, first_number_ + text);
  request.model = model_;
  request.slo_class = slo_class_;
  request.tenant = tenant_;
  request.priority = settings_.priority;
  request.timeout = settings_.timeout;
  return request;
}

Request StreamGenerator::single_request(std::uint64_t id) {
  const Turn turn = draw_turn(true);
  const std::uint64_t text = texts_++;
  Request request = blank_request(id, next_start_, turn, text);
  if (!shared_.empty()) {
    request.prompt.reserve(4);
    shared_.draw(text, request.prompt);
  }
  request.input_tokens = static_cast<std::uint32_t>(total_tokens(request.prompt)) + turn.question_tokens;
  request.prompt.push_back(
      {content_id(owner_, Content::kQuestion, first_number_ + text), 0, turn.question_tokens});
  if (settings_.connections > 0) {
    request.connection = content_id(owner_, Content::kSession, text % settings_.connections);
  }
  draw_start();
  return request;
}

std::uint32_t StreamGenerator::free_slot() {
  if (free_slots_.empty()) {
    sessions_.emplace_back();
    return static_cast<std::uint32_t>(sessions_.size() - 1);
  }
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  sessions_[slot] = Session{};
  return slot;
}

std::uint32_t StreamGenerator::start_session(std::uint64_t user) {
  const std::uint32_t slot = free_slot();
  Session& session = sessions_[slot];
  session.number = content_id(owner_, Content::kSession, first_number_ + ++sessions_started_);
  session.connection = settings_.connections == 0
                           ? session.number
                           : content_id(owner_, Content::kSession, sessions_started_ % settings_.connections);
  const std::uint32_t turns = std::min(settings_.session.turns.sample_tokens(plans_), kMaxTurns);
  session.turns.reserve(turns);
  for (std::uint32_t i = 0; i < turns; ++i) session.turns.push_back(draw_turn(i == 0));
  session.user = user;
  shared_.draw(user, session.shared);
  fit_context(session, session.turns.front());
  return slot;
}

Request StreamGenerator::next_turn(std::uint64_t id, const Pending& pending) {
  Session& session = sessions_[pending.slot];
  const Turn turn = session.turns[session.next_turn++];
  const std::uint64_t text = texts_++;
  Request request = blank_request(id, pending.time, turn, text);
  const Piece question{content_id(owner_, Content::kQuestion, first_number_ + text), 0, turn.question_tokens};
  request.session = session.number;
  request.connection = session.connection;
  request.prompt.reserve(session.shared.size() + session.history.size() + 1);
  request.prompt = session.shared;
  request.prompt.insert(request.prompt.end(), session.history.begin(), session.history.end());
  request.prompt.push_back(question);
  request.input_tokens = static_cast<std::uint32_t>(total_tokens(request.prompt));
  session.history.push_back(question);
  session.history.push_back({request.output_stream, turn.reasoning_tokens, turn.answer_tokens});
  session.history_tokens += turn.question_tokens + turn.answer_tokens;
  slot_of_request_.emplace(id, pending.slot);
  ++in_flight_;
  return request;
}

// Makes room for `turn` by the stream's rule; false: the session ends instead. Shared texts go last of all:
// they are cut at their end.
bool StreamGenerator::fit_context(Session& session, Turn& turn) {
  const std::uint64_t cap = settings_.session.context_cap_tokens;
  const std::uint64_t generated = std::uint64_t{turn.reasoning_tokens} + turn.answer_tokens;
  const std::uint64_t fixed = total_tokens(session.shared) + generated + turn.question_tokens;
  if (fixed + session.history_tokens <= cap) return true;
  if (settings_.session.at_cap == AtCap::kEnd && !session.history.empty()) return false;
  drop_oldest(session, cap > fixed ? cap - fixed : 0);
  if (fixed <= cap) return true;
  const std::uint64_t room = cap > generated + 1 ? cap - generated : 1;
  turn.question_tokens = static_cast<std::uint32_t>(std::min<std::uint64_t>(turn.question_tokens, room));
  session.shared = first_tokens(session.shared, room - turn.question_tokens);
  return true;
}

void StreamGenerator::drop_oldest(Session& session, std::uint64_t room) {
  std::size_t dropped = 0;
  while (session.history_tokens > room) {
    session.history_tokens -= session.history[dropped].tokens + session.history[dropped + 1].tokens;
    dropped += 2;
  }
  session.history.erase(session.history.begin(),
                        session.history.begin() + static_cast<std::ptrdiff_t>(dropped));
}

void StreamGenerator::finished(const Finished& outcome) {
  const auto found = slot_of_request_.find(outcome.request_id);
  if (found == slot_of_request_.end()) return;
  const std::uint32_t slot = found->second;
  slot_of_request_.erase(found);
  --in_flight_;
  if (outcome.outcome == Outcome::kCompleted) return go_on(slot, outcome.time);
  end_session(slot, outcome.time);
}

void StreamGenerator::go_on(std::uint32_t slot, Nanoseconds now) {
  Session& session = sessions_[slot];
  if (session.next_turn == session.turns.size()) return end_session(slot, now);
  Turn& turn = session.turns[session.next_turn];
  if (!fit_context(session, turn)) return end_session(slot, now);
  const Nanoseconds time = now + turn.think;
  if (time >= settings_.duration) return end_session(slot, now);
  pending_.push({time, pending_order_++, slot});
}

void StreamGenerator::end_session(std::uint32_t slot, Nanoseconds now) {
  const std::uint64_t user = sessions_[slot].user;
  free_slots_.push_back(slot);
  if (!closed_) return;
  const std::uint32_t next = start_session(user);
  const Nanoseconds time = now + sessions_[next].turns.front().think;
  if (time < settings_.duration) {
    pending_.push({time, pending_order_++, next});
  } else {
    free_slots_.push_back(next);
  }
}

}  // namespace kvsim::traces
