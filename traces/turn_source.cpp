// SPDX-License-Identifier: Apache-2.0
#include "traces/turn_source.h"
#include "traces/readers/refuse.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace kvsim::traces {
namespace {

constexpr std::size_t kMostWaiting = 1'000'000;
constexpr Nanoseconds kLatestTurn = 4'000'000'000 * kNanosecondsPerSecond;

}  // namespace

bool TurnSource::Later::operator()(const Due& a, const Due& b) const {
  return std::pair(a.time, a.record.number) > std::pair(b.time, b.record.number);
}

TurnSource::TurnSource(std::unique_ptr<RecordReader> records, const TraceOptions& options)
    : records_(std::move(records)),
      timeout_(options.timeout_seconds > 0 ? from_seconds(options.timeout_seconds) : kNever) {
  fill();
  if (head_) return;
  refuse({records_->path()}, "",
         "holds no request" + std::string(records_->skipped().empty() ? "" : " that went well"),
         "check the file, and that the options leave something of it");
}

void TurnSource::fill() {
  Record record;
  while (!head_ && !ended_) {
    if (!records_->next(record)) {
      ended_ = true;
    } else if (record.is_turn) {
      place(std::move(record));
    } else {
      floor_ = record.request.arrival;
      remember(record);
      head_ = std::move(record);
    }
  }
}

void TurnSource::remember(const Record& record) {
  if (!record.may_be_followed) return;
  followed_.try_emplace(record.number);
  followed_order_.push_back(record.number);
  // What is far behind cannot be followed any more; what is still running or waited for stays until it ends.
  while (followed_order_.size() > kTurnWindow + 1) {
    const auto oldest = followed_.find(followed_order_.front());
    followed_order_.pop_front();
    oldest->second.far_behind = true;
    if (oldest->second.end) followed_.erase(oldest);
  }
}

void TurnSource::place(Record turn) {
  if (!followed_.contains(turn.follows)) return;  // it was left out, and so is what follows it
  remember(turn);
  if (followed_.at(turn.follows).failed) {
    ++given_up_;
    return give_up_after(turn.number);
  }
  Followed& before = followed_.at(turn.follows);
  turn.request.arrival = floor_;
  if (before.end) return make_due(std::move(turn), before);
  if (++waiting_ > kMostWaiting) {
    refuse({records_->path(), turn.line}, "after",
           fmt::format("more than {} turns wait for the answers before them", kMostWaiting),
           "put each turn close behind the one that it follows");
  }
  before.waiting.push_back(std::move(turn));
}

void TurnSource::make_due(Record turn, const Followed& before) {
  turn.request.after = before.request_id;
  const Nanoseconds longest = std::max<Nanoseconds>(0, kLatestTurn - *before.end);
  const Nanoseconds sent = *before.end + std::min(turn.request.think, longest);
  due_.push({std::max(turn.request.arrival, sent), std::move(turn)});
}

std::optional<Nanoseconds> TurnSource::next_arrival() {
  fill();
  if (head_ && !due_.empty()) return std::min(head_->request.arrival, due_.top().time);
  if (head_) return head_->request.arrival;
  if (!due_.empty()) return due_.top().time;
  return {};
}

Request TurnSource::take() {
  const Nanoseconds time = next_arrival().value();
  if (due_.empty() || due_.top().time > time) {
    Record record = std::move(*head_);
    head_.reset();
    return give_out(std::move(record), time);
  }
  Record record = due_.top().record;
  due_.pop();
  return give_out(std::move(record), time);
}

Request TurnSource::give_out(Record record, Nanoseconds time) {
  Request request = std::move(record.request);
  request.id = next_id_++;
  request.arrival = time;
  request.intended = time;
  if (request.timeout == kNever) request.timeout = timeout_;
  if (record.may_be_followed) {
    in_flight_[request.id] = record.number;
    followed_[record.number].request_id = request.id;
  }
  return request;
}

void TurnSource::finished(const Finished& finished) {
  const auto flight = in_flight_.find(finished.request_id);
  if (flight == in_flight_.end()) return;
  const std::uint64_t number = flight->second;
  in_flight_.erase(flight);
  Followed& ended = followed_.at(number);
  ended.end = finished.time;
  if (finished.outcome != Outcome::kCompleted) give_up_after(number);
  waiting_ -= ended.waiting.size();
  for (Record& turn : ended.waiting) make_due(std::move(turn), ended);
  ended.waiting.clear();
  if (ended.far_behind) followed_.erase(number);
}

void TurnSource::give_up_after(std::uint64_t number) {
  std::vector<std::uint64_t> failed{number};
  while (!failed.empty()) {
    const auto entry = followed_.find(failed.back());
    failed.pop_back();
    if (entry == followed_.end()) continue;  // a last turn: none may follow it
    entry->second.failed = true;
    entry->second.end = entry->second.end.value_or(0);
    for (const Record& turn : entry->second.waiting) failed.push_back(turn.number);
    given_up_ += entry->second.waiting.size();
    waiting_ -= entry->second.waiting.size();
    entry->second.waiting.clear();
    if (entry->second.far_behind && entry->first != number) followed_.erase(entry);
  }
}

bool TurnSource::exhausted() {
  fill();
  return !head_ && due_.empty() && waiting_ == 0;
}

std::vector<Stage> TurnSource::stages() const {
  std::vector<Stage> stages(records_->stages());
  for (std::size_t i = 0; i < stages.size(); ++i) stages[i].index = static_cast<std::int32_t>(i);
  return stages;
}

std::string TurnSource::description() const {
  return fmt::format("{} ({} trace)", std::filesystem::path(records_->path()).filename().string(),
                     records_->format());
}

std::optional<double> TurnSource::progress() {
  const double share = records_->progress();
  return share < 0 ? std::optional<double>() : share;
}

std::vector<std::pair<std::string, std::string>> TurnSource::notes() const {
  std::vector<std::pair<std::string, std::string>> result;
  for (const Skipped& skipped : records_->skipped()) {
    result.emplace_back(fmt::format("{} records of the trace", skipped.records),
                        "passed over: " + skipped.reason);
  }
  if (given_up_ > 0) {
    result.emplace_back(fmt::format("{} later turns of the trace", given_up_),
                        "not sent: a turn before them failed");
  }
  return result;
}

}  // namespace kvsim::traces
