// SPDX-License-Identifier: Apache-2.0
#include "traces/inference_perf/session_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "traces/generators/content_id.h"

namespace kvsim::traces::inference_perf {

namespace {

constexpr Nanoseconds kLead = kNanosecondsPerSecond;
constexpr std::uint32_t kMaxTurns = 10'000;
constexpr std::uint64_t kMaxTurnsInAll = 20'000'000;
constexpr double kLongestOffset = 1e9;                                     // seconds
constexpr Nanoseconds kLastStart = 4'000'000'000 * kNanosecondsPerSecond;  // nothing is sent later
constexpr std::uint64_t kMaxPrompt = 100'000'000;

}  // namespace

SessionSource::SessionSource(const Config& config, std::uint64_t seed) : config_(config) {
  draw_conversations(seed);
  for (const LoadStage& stage : config.load.stages) all_sessions_ += sessions_of(stage);
  start_stage(0, 0);
}

void SessionSource::draw_conversations(std::uint64_t seed) {
  const Conversations& settings = config_.data.conversations;
  RandomStream random(seed, "inference-perf/data/conversations");
  std::uint64_t turns_in_all = 0;
  for (std::uint32_t i = 0; i < settings.count && turns_in_all < kMaxTurnsInAll; ++i) {
    Conversation conversation;
    conversation.first_turn = turns_in_all;
    conversation.system_tokens =
        static_cast<std::uint32_t>(std::floor(settings.own_system_prompt.sample(random) + 0.5));
    const std::uint32_t turns = std::min(settings.turns.sample_tokens(random), kMaxTurns);
    for (std::uint32_t turn = 0; turn < turns; ++turn) {
      const std::uint32_t input = settings.input_tokens.sample_tokens(random);
      const std::uint32_t output = settings.output_tokens.sample_tokens(random);
      conversation.turns.push_back({input, output, from_seconds(settings.tool_call_seconds.sample(random))});
    }
    turns_in_all += turns;
    conversations_.push_back(std::move(conversation));
  }
}

void SessionSource::start_stage(std::size_t stage, Nanoseconds begin) {
  stage_ = stage;
  start_ = begin + kLead;
  started_ = ended_ = 0;
  if (start_ <= kLastStart) return;
  stage_ = config_.load.stages.size() - 1;
  started_ = ended_ = sessions_of(load());
}

std::uint64_t SessionSource::sessions_of(const LoadStage& stage) const {
  return stage.num_sessions > 0 ? stage.num_sessions : conversations_.size();
}

std::optional<Nanoseconds> SessionSource::next_start() const {
  if (started_ >= sessions_of(load())) return {};
  if (load().sessions_at_once > 0 && started_ - ended_ >= load().sessions_at_once) return {};
  const double offset = load().session_rate > 0 ? static_cast<double>(started_) / load().session_rate : 0;
  return std::max(start_ + from_seconds(std::min(offset, kLongestOffset)), freed_);
}

std::optional<Nanoseconds> SessionSource::next_arrival() {
  const std::optional<Nanoseconds> start = next_start();
  if (pending_.empty()) return start;
  return start ? std::min(*start, pending_.top().time) : pending_.top().time;
}

Request SessionSource::take() {
  const std::optional<Nanoseconds> start = next_start();
  if (start && (pending_.empty() || *start < pending_.top().time)) start_session(*start);
  const Pending pending = pending_.top();
  pending_.pop();
  return ask(sessions_.at(pending.session), pending.time);
}

void SessionSource::start_session(Nanoseconds now) {
  Session session{all_started_++, started_++ % conversations_.size(), 0, {}};
  const std::uint32_t shared = config_.data.conversations.shared_system_prompt_tokens;
  const std::uint32_t own = conversations_[session.conversation].system_tokens;
  if (shared > 0) session.context.push_back({content_id(0, Content::kShared, 0), 0, shared});
  if (own > 0) session.context.push_back({content_id(0, Content::kShared, 1 + session.conversation), 0, own});
  pending_.push({now, session.number});
  sessions_.emplace(session.number, std::move(session));
}

Request SessionSource::ask(Session& session, Nanoseconds now) {
  const Conversation& conversation = conversations_[session.conversation];
  const std::size_t index = session.next_turn++;
  const Turn& turn = conversation.turns[index];
  session.context.push_back(
      {content_id(0, Content::kQuestion, conversation.first_turn + index), 0, turn.input_tokens});
  Request request;
  request.id = requests_++;
  request.arrival = request.intended = now;
  request.prompt = session.context;
  request.input_tokens = static_cast<std::uint32_t>(total_tokens(request.prompt));
  request.output_tokens = turn.output_tokens;
  request.output_stream = content_id(0, Content::kAnswer, request.id);
  request.session = request.connection = content_id(0, Content::kSession, session.number);
  request.stage = static_cast<std::int32_t>(stage_);
  request.timeout = from_seconds(config_.load.timeout_seconds);
  session.context.push_back({request.output_stream, 0, turn.output_tokens});
  session_of_request_.emplace(request.id, session.number);
  return request;
}

void SessionSource::finished(const Finished& outcome) {
  const auto found = session_of_request_.find(outcome.request_id);
  if (found == session_of_request_.end()) return;
  const std::uint64_t number = found->second;
  session_of_request_.erase(found);
  const Session& session = sessions_.at(number);
  if (outcome.outcome != Outcome::kCompleted || !has_next_turn(session))
    return end_session(number, outcome.time);
  const Turn& last = conversations_[session.conversation].turns[session.next_turn - 1];
  if (outcome.time + last.tool_call > kLastStart) return end_session(number, outcome.time);
  pending_.push({outcome.time + last.tool_call, number});
}

bool SessionSource::has_next_turn(const Session& session) const {
  const std::vector<Turn>& turns = conversations_[session.conversation].turns;
  if (session.next_turn == turns.size()) return false;
  const std::uint64_t limit = config_.data.conversations.max_model_len;
  const std::uint64_t prompt = total_tokens(session.context) + turns[session.next_turn].input_tokens;
  return prompt + turns[session.next_turn].output_tokens <= (limit > 0 ? limit : kMaxPrompt);
}

void SessionSource::end_session(std::uint64_t session, Nanoseconds now) {
  sessions_.erase(session);
  freed_ = now;
  if (++ended_ < sessions_of(load()) || stage_ + 1 == config_.load.stages.size()) return;
  start_stage(stage_ + 1, now + from_seconds(config_.load.interval_seconds));
}

bool SessionSource::exhausted() {
  return stage_ + 1 == config_.load.stages.size() && ended_ == sessions_of(load());
}

std::vector<Stage> SessionSource::stages() const {
  std::vector<Stage> stages;
  for (const LoadStage& load : config_.load.stages) {
    Stage stage;
    stage.index = static_cast<std::int32_t>(stages.size());
    stage.concurrency = load.sessions_at_once;
    for (std::uint64_t i = 0; i < sessions_of(load); ++i) {
      stage.num_requests += conversations_[i % conversations_.size()].turns.size();
    }
    stages.push_back(stage);
  }
  return stages;
}

std::string SessionSource::description() const {
  return fmt::format("inference-perf conversations ({} stages, {} sessions)", config_.load.stages.size(),
                     all_sessions_);
}

std::optional<double> SessionSource::progress() {
  return static_cast<double>(all_started_) / static_cast<double>(all_sessions_);
}

}  // namespace kvsim::traces::inference_perf
