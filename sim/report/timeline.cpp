// SPDX-License-Identifier: Apache-2.0
#include "sim/report/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "base/json_writer.h"

namespace kvsim::sim {
namespace {

std::string quoted(const std::string& text) {
  std::ostringstream out;
  JsonWriter(out, 0).value(text);
  return out.str();
}

std::string microseconds(Nanoseconds time) { return fmt::format("{}.{:03}", time / 1000, time % 1000); }

std::string step_name(const models::StepWork& work) {
  if (work.prefill_tokens == 0) return fmt::format("decode {}", work.decode_sequences);
  if (work.decode_sequences == 0) return fmt::format("prefill {}", work.prefill_tokens);
  return fmt::format("prefill {} + decode {}", work.prefill_tokens, work.decode_sequences);
}

const char* state_name(ReplicaState state) {
  switch (state) {
    case ReplicaState::kUp:
      return "up";
    case ReplicaState::kDraining:
      return "draining";
    case ReplicaState::kStarting:
      return "starting";
    case ReplicaState::kDown:
      break;
  }
  return "down";
}

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Timeline::Timeline(const std::string& path, const std::vector<PoolInfo>& pools, TimelineOptions options)
    : file_(path), options_(options) {
  file_.out() << "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
  std::uint32_t replica = 0;
  for (const PoolInfo& pool : pools)
    for (std::uint32_t i = 0; i < pool.replicas; ++i, ++replica)
      event(fmt::format(R"({{"ph":"M","pid":{},"tid":0,"name":"process_name","args":{{"name":{}}}}})",
                        replica + 1, quoted(fmt::format("{}/{}", pool.name, i))));
}

bool Timeline::take(std::uint64_t events) {
  const bool room = written_ + events <= options_.max_events;
  (room ? written_ : left_out_) += events;
  return room;
}

void Timeline::event(const std::string& text) {
  file_.out() << (empty_ ? "\n" : ",\n") << text;
  empty_ = false;
}

void Timeline::mark(const RequestRecord& record, char phase, const char* name, Nanoseconds time) {
  event(fmt::format(R"({{"ph":"{}","cat":"request","id":{},"pid":{},"tid":0,"ts":{},"name":"{}"}})", phase,
                    record.id, record.replica + 1, microseconds(time), name));
}

void Timeline::on_finished(const RequestRecord& record) {
  if (!reached_a_replica(record) || !take(8)) return;
  const Nanoseconds first = std::min(record.first_token, record.finished);
  const Nanoseconds started = std::clamp(std::min(record.scheduled, first), record.arrival, first);
  const char* name = record.status == RequestStatus::kCompleted  ? "request"
                     : record.status == RequestStatus::kTimedOut ? "request timed out"
                                                                 : "request lost";
  mark(record, 'b', name, record.arrival);
  mark(record, 'b', "queue", record.arrival);
  mark(record, 'e', "queue", started);
  mark(record, 'b', "prefill", started);
  mark(record, 'e', "prefill", first);
  mark(record, 'b', "decode", first);
  mark(record, 'e', "decode", record.finished);
  mark(record, 'e', name, record.finished);
}

void Timeline::on_steps(const StepRun& run) {
  if (!take(1)) return;
  event(fmt::format(R"({{"ph":"X","pid":{},"tid":1,"ts":{},"dur":{},"name":"{}","args":{{"steps":{}}}}})",
                    run.replica + 1, microseconds(run.start), microseconds(run.end - run.start),
                    step_name(run.work), run.steps));
}

void Timeline::counter(std::uint32_t replica, Nanoseconds time, const char* name, const std::string& values) {
  event(fmt::format(R"({{"ph":"C","pid":{},"ts":{},"name":"{}","args":{{{}}}}})", replica + 1,
                    microseconds(time), name, values));
}

void Timeline::on_sample(Nanoseconds time, Nanoseconds width, const ReplicaSnapshot* replicas,
                         std::uint32_t count) {
  if (!take(3ull * count)) return;
  tokens_.resize(count);
  const double seconds = to_seconds(std::max<Nanoseconds>(1, width));
  for (std::uint32_t i = 0; i < count; ++i) {
    const ReplicaSnapshot& now = replicas[i];
    Tokens& before = tokens_[i];
    counter(i, time, "requests", fmt::format(R"("running":{},"waiting":{})", now.running, now.waiting));
    counter(i, time, "KV usage [%]",
            fmt::format(R"("used":{:.6g})", percent(now.used_blocks, now.total_blocks)));
    counter(i, time, "tokens per second",
            fmt::format(R"("prefill":{:.6g},"output":{:.6g})",
                        static_cast<double>(now.prompt_tokens - before.prompt) / seconds,
                        static_cast<double>(now.generated_tokens - before.generated) / seconds));
    before = {now.prompt_tokens, now.generated_tokens};
  }
}

void Timeline::on_replica(Nanoseconds time, std::uint32_t replica, ReplicaState state) {
  if (!take(1)) return;
  event(fmt::format(R"({{"ph":"i","s":"p","pid":{},"tid":1,"ts":{},"name":"{}"}})", replica + 1,
                    microseconds(time), state_name(state)));
}

void Timeline::commit() {
  file_.out() << fmt::format("\n],\"otherData\":{{\"events_left_out\":{}}}}}\n", left_out_);
  file_.commit();
}

}  // namespace kvsim::sim
