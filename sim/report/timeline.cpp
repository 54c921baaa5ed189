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

void Timeline::on_sample(Nanoseconds time, Nanoseconds /*width*/, const ReplicaSnapshot* replicas,
                         std::uint32_t count) {
  if (!take(2ull * count)) return;
  for (std::uint32_t i = 0; i < count; ++i) {
    const ReplicaSnapshot& replica = replicas[i];
    event(
        fmt::format(R"({{"ph":"C","pid":{},"ts":{},"name":"requests","args":{{"running":{},"waiting":{}}}}})",
                    i + 1, microseconds(time), replica.running, replica.waiting));
    event(fmt::format(R"({{"ph":"C","pid":{},"ts":{},"name":"KV blocks","args":{{"used":{}}}}})", i + 1,
                      microseconds(time), replica.used_blocks));
  }
}

void Timeline::commit() {
  file_.out() << fmt::format("\n],\"otherData\":{{\"events_left_out\":{}}}}}\n", left_out_);
  file_.commit();
}

}  // namespace kvsim::sim
