// SPDX-License-Identifier: Apache-2.0
// Records as a source: records with an arrival are sent then; a turn is sent `think` after the end of the one
// that it follows, whatever became of that one, but not before the last arrival that stands above it in the
// file.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "traces/open_trace.h"
#include "traces/readers/record.h"

namespace kvsim::traces {

class TurnSource : public TraceSource {
 public:
  TurnSource(std::unique_ptr<RecordReader> records, const TraceOptions& options);

  std::optional<Nanoseconds> next_arrival() override;
  Request take() override;
  void finished(const Finished& finished) override;
  bool exhausted() override;
  const Names& names() const override { return records_->names(); }
  std::vector<Stage> stages() const override;
  std::string description() const override;
  std::optional<double> progress() override;
  std::vector<std::pair<std::string, std::string>> notes() const override;
  const std::string& format() const override { return records_->format(); }
  std::uint32_t block_tokens() const override { return records_->block_tokens(); }
  std::vector<Skipped> skipped() const override { return records_->skipped(); }

 private:
  struct Followed {                         // a record that turns may follow
    std::optional<Nanoseconds> end;         // once it is finished
    std::uint64_t request_id = kNoRequest;  // once it is taken
    bool failed = false;
    bool far_behind = false;  // no record from here on can follow it
    std::vector<Record> waiting;
  };
  struct Due {
    Nanoseconds time = 0;
    Record record;
  };
  struct Later {
    bool operator()(const Due& a, const Due& b) const;
  };

  void fill();              // reads until an open arrival is known, or the end
  void place(Record turn);  // among the due, the waiting, or nowhere
  void make_due(Record turn, const Followed& before);
  void give_up_after(std::uint64_t number);  // drops all turns that wait for it, directly or not
  void remember(const Record& record);
  Request give_out(Record record, Nanoseconds time);

  std::unique_ptr<RecordReader> records_;
  Nanoseconds timeout_;
  std::optional<Record> head_;  // the next record with an arrival of its own
  Nanoseconds floor_ = 0;       // arrival of the last such record read
  bool ended_ = false;
  std::priority_queue<Due, std::vector<Due>, Later> due_;
  std::size_t waiting_ = 0;
  std::uint64_t given_up_ = 0;
  std::unordered_map<std::uint64_t, Followed> followed_;  // by record number
  std::deque<std::uint64_t> followed_order_;
  std::unordered_map<std::uint64_t, std::uint64_t> in_flight_;  // request id -> record number
  std::uint64_t next_id_ = 0;
};

}  // namespace kvsim::traces
