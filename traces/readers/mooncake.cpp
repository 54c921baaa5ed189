// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>

#include "traces/readers/block_records.h"
#include "traces/readers/readers.h"

namespace kvsim::traces {
namespace {

constexpr double kMillisecond = 1e-3;

class Mooncake : public BlockRecords {
 public:
  Mooncake(LineReader lines, const TraceOptions& options)
      : BlockRecords(std::move(lines), "mooncake", 512, options) {}

 private:
  bool parse(const Line& line, Record& record) override {
    if (!fields_.parse(line)) return false;
    read_session(record);
    read_time(record);
    return read_lengths(record) && note_session(record);
  }

  void read_session(Record& record) {
    const auto session = fields_.identity("session_id");
    if (!session) return;
    record.request.session = *session == 0 ? kOwnStreams : *session;
    record.may_be_followed = true;
  }

  // AIPerf's extension: a record without a time stamp is the next turn of its session, `delay` ms after the
  // answer before; without a delay too, it is sent at once.
  void read_time(Record& record) {
    if (read_timestamp(record, kMillisecond) || fields_.has("timestamp")) return;
    const auto before = last_of_session_.find(record.request.session);
    if (record.request.session == 0 || before == last_of_session_.end()) {
      fields_.missing("timestamp", "give the arrival in ms; only later turns of a `session_id` go without");
      return;
    }
    record.is_turn = true;
    record.follows = before->second;
    const auto delay = fields_.number("delay", 0, kLatestSeconds / kMillisecond);
    record.request.think = from_seconds(delay.value_or(0) * kMillisecond);
    if (record.number - record.follows > kTurnWindow) {
      fields_.fault("session_id", "the turn before stands too many records above",
                    "put the turns of a session close together");
    }
  }

  bool note_session(const Record& record) {
    if (record.request.session == 0) return true;
    last_of_session_[record.request.session] = record.number;
    if (last_of_session_.size() > 2 * kTurnWindow) forget_old_sessions(record.number);
    return true;
  }

  void forget_old_sessions(std::uint64_t number) {
    std::erase_if(last_of_session_, [&](const auto& entry) { return number - entry.second > kTurnWindow; });
  }

  std::unordered_map<std::uint64_t, std::uint64_t> last_of_session_;
};

}  // namespace

std::unique_ptr<RecordReader> read_mooncake(LineReader lines, const TraceOptions& options) {
  return std::make_unique<Mooncake>(std::move(lines), options);
}

}  // namespace kvsim::traces
