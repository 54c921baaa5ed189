// SPDX-License-Identifier: Apache-2.0
#include "traces/inference_perf/staged_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "traces/inference_perf/schedule.h"

namespace kvsim::traces::inference_perf {

namespace {

constexpr Nanoseconds kLead = kNanosecondsPerSecond;

std::uint64_t longest_stage(const Load& load) {
  std::uint64_t longest = 1;
  for (const LoadStage& stage : load.stages) longest = std::max(longest, stage.num_requests);
  return longest;
}

}  // namespace

StagedSource::StagedSource(const Config& config, std::vector<double> trace_times, std::uint64_t seed)
    : config_(config),
      seed_(seed),
      trace_times_(std::move(trace_times)),
      prompts_(make_prompts(config.data, longest_stage(config.load), seed)) {
  for (const LoadStage& stage : config.load.stages) total_ += stage.num_requests;
  start_stage(0, 0);
}

void StagedSource::start_stage(std::size_t stage, Nanoseconds begin) {
  stage_ = stage;
  start_ = begin + kLead;
  schedule_ = make_schedule(stage);
  const std::uint64_t limit = config_.load.type == LoadType::kConcurrent
                                  ? config_.load.stages[stage].concurrency
                                  : config_.load.max_in_flight;
  cap_ = limit > 0 ? limit : std::numeric_limits<std::uint64_t>::max();
  next_ = ended_ = 0;
}

std::vector<double> StagedSource::make_schedule(std::size_t stage) {
  const LoadStage& load = config_.load.stages[stage];
  RandomStream random(seed_, fmt::format("inference-perf/stage/{}", stage));
  switch (config_.load.type) {
    case LoadType::kConstant:
      return constant_schedule(load.num_requests, load.duration_seconds, random);
    case LoadType::kPoisson:
      return poisson_schedule(load.num_requests, load.rate, random);
    case LoadType::kTraceReplay:
      return trace_times_;
    default:
      return std::vector<double>(load.num_requests, 0);
  }
}

Nanoseconds StagedSource::scheduled(std::uint64_t index) const {
  return start_ + from_seconds(schedule_[index]);
}

// Rounds whose conversation is under way go behind it, as long as there is a place in flight for them to
// hold.
void StagedSource::queue_rounds() {
  while (next_ < schedule_.size() && held() < cap_) {
    const std::optional<std::uint64_t> session = prompts_->session_of(next_);
    if (!session) return;
    Conversation& conversation = conversations_[*session];
    if (!conversation.busy) return;
    conversation.waiting.push_back(next_++);
    ++waiting_;
  }
}

std::optional<Nanoseconds> StagedSource::next_arrival() {
  queue_rounds();
  std::optional<Nanoseconds> earliest;
  if (!ready_.empty()) earliest = ready_.top().time;
  if (next_ < schedule_.size() && held() < cap_) {
    const Nanoseconds time = std::max(scheduled(next_), freed_);
    if (!earliest || time < *earliest) earliest = time;
  }
  return earliest;
}

Request StagedSource::take() {
  const Nanoseconds now = *next_arrival();
  std::uint64_t index = 0;
  if (!ready_.empty() && ready_.top().time == now) {
    index = ready_.top().index;
    ready_.pop();
  } else {
    index = next_++;
  }
  Request request;
  request.id = taken_++;
  request.arrival = now;
  request.intended = config_.load.type == LoadType::kConcurrent ? now : scheduled(index);
  request.stage = static_cast<std::int32_t>(stage_);
  request.timeout = from_seconds(config_.load.timeout_seconds);
  request.connection = connections_.open(request.id, now);
  prompts_->fill(index, request.id, request);
  if (const auto session = prompts_->session_of(index)) {
    conversations_[*session].busy = true;
    session_of_request_.emplace(request.id, *session);
  }
  ++in_flight_;
  return request;
}

void StagedSource::finished(const Finished& outcome) {
  --in_flight_;
  ++ended_;
  freed_ = outcome.time;
  const bool completed = outcome.outcome == Outcome::kCompleted;
  connections_.close(outcome.request_id, outcome.time, outcome.outcome != Outcome::kTimedOut);
  if (const auto found = session_of_request_.find(outcome.request_id); found != session_of_request_.end()) {
    if (completed) prompts_->answered(found->second);
    release(found->second, outcome.time);
    session_of_request_.erase(found);
  }
  if (ended_ == schedule_.size() && stage_ + 1 < config_.load.stages.size()) {
    start_stage(stage_ + 1, outcome.time + from_seconds(config_.load.interval_seconds));
  }
}

void StagedSource::release(std::uint64_t session, Nanoseconds now) {
  Conversation& conversation = conversations_[session];
  if (conversation.waiting.empty()) {
    conversation.busy = false;
    return;
  }
  const std::uint64_t index = conversation.waiting.front();
  conversation.waiting.pop_front();
  --waiting_;
  ready_.push({std::max(now, scheduled(index)), index});
}

bool StagedSource::exhausted() {
  return stage_ + 1 == config_.load.stages.size() && next_ == schedule_.size() && ready_.empty() &&
         waiting_ == 0;
}

std::vector<Stage> StagedSource::stages() const {
  std::vector<Stage> stages;
  for (const LoadStage& load : config_.load.stages) {
    Stage stage;
    stage.index = static_cast<std::int32_t>(stages.size());
    stage.requested_rate = load.rate;
    stage.duration_seconds = load.duration_seconds;
    stage.num_requests = load.num_requests;
    stage.concurrency = load.concurrency;
    stages.push_back(stage);
  }
  return stages;
}

std::string StagedSource::description() const {
  const std::string name = config_.name.empty() ? "" : " '" + config_.name + "'";
  return fmt::format("inference-perf workload{} ({} stages, {} requests)", name, config_.load.stages.size(),
                     total_);
}

std::optional<double> StagedSource::progress() {
  return static_cast<double>(taken_) / static_cast<double>(total_);
}

}  // namespace kvsim::traces::inference_perf
