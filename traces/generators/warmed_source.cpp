// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/warmed_source.h"

namespace kvsim::traces {
namespace {

MixSettings warmup_of(MixSettings mix) {
  mix.max_requests = std::numeric_limits<std::uint64_t>::max();
  for (StreamSettings& stream : mix.streams) {
    stream.warming = true;
    stream.max_requests = stream.warmup_requests.value_or(0);
    stream.duration = kNever;
  }
  return mix;
}

Stage shown(const MixSettings& mix, std::int32_t index) {
  Stage stage;
  stage.index = index;
  stage.warmup = index == 0;
  for (const StreamSettings& stream : mix.streams) {
    if (stage.warmup) stage.num_requests += stream.warmup_requests.value_or(0);
    const bool closed = stream.arrivals.process == ArrivalSettings::Process::kClosed;
    closed ? stage.concurrency += stream.arrivals.clients : stage.requested_rate += stream.arrivals.rate;
  }
  return stage;
}

}  // namespace

WarmedSource::WarmedSource(const MixSettings& settings, std::uint64_t seed)
    : shown_{shown(settings, 0), shown(settings, 1)} {
  stages_.emplace_back(warmup_of(settings), seed);
  stages_.emplace_back(settings, seed);
}

std::optional<Nanoseconds> WarmedSource::next_arrival() {
  if (stage_ == 0 && in_flight_ == 0 && stages_[0].exhausted()) begin_stage_1();
  const std::optional<Nanoseconds> time = stages_[stage_].next_arrival();
  return time ? std::optional(start_ + *time) : std::nullopt;
}

void WarmedSource::begin_stage_1() {
  stage_ = 1;
  start_ = now_;
  first_id_ = taken_;
}

Request WarmedSource::take() {
  next_arrival();
  Request request = stages_[stage_].take();
  request.id += first_id_;
  request.arrival += start_;
  request.intended += start_;
  request.stage = static_cast<std::int32_t>(stage_);
  ++taken_;
  ++in_flight_;
  return request;
}

void WarmedSource::finished(const Finished& outcome) {
  --in_flight_;
  now_ = outcome.time;
  stages_[stage_].finished({outcome.request_id - first_id_, outcome.time - start_, outcome.outcome});
}

std::optional<double> WarmedSource::progress() {
  return stage_ == 0 ? std::optional(0.0) : stages_[1].progress();
}

}  // namespace kvsim::traces
