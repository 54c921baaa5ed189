// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>

#include "traces/readers/block_records.h"
#include "traces/readers/readers.h"

namespace kvsim::traces {
namespace {

class Bailian : public BlockRecords {
 public:
  Bailian(LineReader lines, const TraceOptions& options)
      : BlockRecords(std::move(lines), "bailian", 16, options) {}

 private:
  bool parse(const Line& line, Record& record) override {
    if (!fields_.parse(line)) return false;
    if (!fields_.has("timestamp")) fields_.missing("timestamp", "give the arrival in seconds");
    read_timestamp(record, 1);
    read_chat(record);
    return read_lengths(record);
  }

  // A chat's session is the first chat of its chain; where the start of the chain is not in the file, or far
  // above, the earliest one named.
  void read_chat(Record& record) {
    const auto chat = fields_.whole("chat_id", 0, std::int64_t{1} << 62);
    const auto parent = fields_.whole("parent_chat_id", -1, std::int64_t{1} << 62);
    if (!fields_.has("chat_id")) fields_.missing("chat_id", "give the number of the request");
    if (!chat) return;
    std::int64_t root = parent.value_or(-1) < 0 ? *chat : *parent;
    if (const auto found = older_.find(root); found != older_.end()) root = found->second;
    if (const auto found = roots_.find(root); found != roots_.end()) root = found->second;
    record.request.session = static_cast<std::uint64_t>(root) + 1;
    roots_[*chat] = root;
    if (roots_.size() < kTurnWindow) return;
    older_ = std::move(roots_);
    roots_.clear();
  }

  std::unordered_map<std::int64_t, std::int64_t> roots_;  // of the latest chats,
  std::unordered_map<std::int64_t, std::int64_t> older_;  // and of as many before them
};

}  // namespace

std::unique_ptr<RecordReader> read_bailian(LineReader lines, const TraceOptions& options) {
  return std::make_unique<Bailian>(std::move(lines), options);
}

}  // namespace kvsim::traces
