// SPDX-License-Identifier: Apache-2.0
#include "traces/transforms.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <unordered_map>

#include "base/random.h"
#include "traces/readers/refuse.h"

namespace kvsim::traces {
namespace {

constexpr std::size_t kMostOfOneStamp = 1'000'000;

class Wrapper : public RecordReader {
 public:
  explicit Wrapper(Records records) : records_(std::move(records)) {}
  const std::string& path() const override { return records_->path(); }
  const std::string& format() const override { return records_->format(); }
  std::uint32_t block_tokens() const override { return records_->block_tokens(); }
  const Names& names() const override { return records_->names(); }
  std::uint32_t stages() const override { return records_->stages(); }
  std::vector<Skipped> skipped() const override { return records_->skipped(); }
  double progress() const override { return records_->progress(); }

 protected:
  Records records_;
};

class Sorted : public Wrapper {
 public:
  using Wrapper::Wrapper;

  bool next(Record& record) override {
    if (!read_) read_all();
    if (given_ == order_.size()) return false;
    record = std::move(all_[order_[given_++].second]);
    return true;
  }

 private:
  void read_all() {
    read_ = true;
    std::unordered_map<std::uint64_t, Nanoseconds> starts;  // of the records that turns may follow
    for (Record record; records_->next(record);) {
      const Nanoseconds start = record.is_turn ? starts[record.follows] : record.request.arrival;
      if (record.may_be_followed) starts[record.number] = start;
      order_.emplace_back(start, all_.size());
      all_.push_back(std::move(record));
    }
    std::sort(order_.begin(), order_.end());
    if (order_.empty() || order_.front().first >= 0) return;
    for (Record& record : all_) record.request.arrival -= order_.front().first;
  }

  bool read_ = false;
  std::vector<Record> all_;
  std::vector<std::pair<Nanoseconds, std::size_t>> order_;
  std::size_t given_ = 0;
};

class Spread : public Wrapper {
 public:
  Spread(Records records, double tick_seconds, bool uniformly, std::uint64_t seed)
      : Wrapper(std::move(records)),
        tick_(from_seconds(tick_seconds)),
        uniformly_(uniformly),
        draws_(seed, "trace/spread") {}

  bool next(Record& record) override {
    if (group_.empty()) gather();
    if (group_.empty()) return false;
    record = std::move(group_.front());
    group_.pop_front();
    return true;
  }

 private:
  // Takes all records up to the next stamp.
  void gather() {
    if (next_) group_.push_back(std::move(*next_));
    next_.reset();
    Record record;
    while (records_->next(record)) {
      const bool same =
          record.is_turn || group_.empty() || record.request.arrival == group_.front().request.arrival;
      if (!same) {
        next_ = std::move(record);
        break;
      }
      group_.push_back(std::move(record));
      if (group_.size() > kMostOfOneStamp) too_many();
    }
    place();
  }

  void place() {
    std::size_t arrivals = 0;
    for (const Record& record : group_) arrivals += record.is_turn ? 0 : 1;
    if (arrivals < 2) return;
    const Nanoseconds start = group_.front().request.arrival;
    const double width = static_cast<double>(next_ ? std::min(tick_, next_->request.arrival - start) : tick_);
    std::vector<double> shares(arrivals);
    for (std::size_t i = 0; i < arrivals; ++i) {
      shares[i] = uniformly_ ? draws_.uniform() : static_cast<double>(i) / static_cast<double>(arrivals);
    }
    std::sort(shares.begin(), shares.end());
    std::size_t placed = 0;
    for (Record& record : group_) {
      if (!record.is_turn)
        record.request.arrival = start + static_cast<Nanoseconds>(shares[placed++] * width);
    }
  }

  [[noreturn]] void too_many() const {
    refuse({path(), group_.back().line}, "",
           fmt::format("more than {} records share a time stamp", kMostOfOneStamp),
           "leave --spread out, or check the time stamps");
  }

  Nanoseconds tick_;
  bool uniformly_;
  RandomStream draws_;
  std::deque<Record> group_;
  std::optional<Record> next_;
};

class Window : public Wrapper {
 public:
  Window(Records records, double start_seconds, double duration_seconds)
      : Wrapper(std::move(records)),
        start_(from_seconds(start_seconds)),
        end_(duration_seconds > 0 ? start_ + from_seconds(duration_seconds) : kNever) {}

  // Turns pass: their source leaves out those whose predecessor was left out.
  bool next(Record& record) override {
    while (records_->next(record)) {
      if (record.is_turn) return true;
      if (record.request.arrival >= end_) return false;
      if (record.request.arrival < start_) continue;
      record.request.arrival -= start_;
      return true;
    }
    return false;
  }

 private:
  Nanoseconds start_;
  Nanoseconds end_;
};

class Scaled : public Wrapper {
 public:
  Scaled(Records records, double rate) : Wrapper(std::move(records)), rate_(rate) {}

  bool next(Record& record) override {
    if (!records_->next(record)) return false;
    const double time = static_cast<double>(record.request.arrival) / rate_;
    if (!(time < kLatest)) {
      refuse({path(), record.line}, "", "arrives more than 126 years after the start at this rate",
             "give a higher --rate-scale");
    }
    record.request.arrival = std::llround(time);
    return true;
  }

 private:
  static constexpr double kLatest = 4e18;
  double rate_;
};

class Limited : public Wrapper {
 public:
  Limited(Records records, std::uint64_t count) : Wrapper(std::move(records)), left_(count) {}
  bool next(Record& record) override { return left_ > 0 && left_-- > 0 && records_->next(record); }

 private:
  std::uint64_t left_;
};

}  // namespace

Records sorted(Records records) { return std::make_unique<Sorted>(std::move(records)); }

Records spread(Records records, double tick_seconds, bool uniformly, std::uint64_t seed) {
  return std::make_unique<Spread>(std::move(records), tick_seconds, uniformly, seed);
}

Records window(Records records, double start_seconds, double duration_seconds) {
  return std::make_unique<Window>(std::move(records), start_seconds, duration_seconds);
}

Records scaled(Records records, double rate) { return std::make_unique<Scaled>(std::move(records), rate); }

Records limited(Records records, std::uint64_t count) {
  return std::make_unique<Limited>(std::move(records), count);
}

Records transformed(Records records, const TraceOptions& options) {
  if (options.sort) records = sorted(std::move(records));
  if (options.spread_tick_seconds > 0) {
    records = spread(std::move(records), options.spread_tick_seconds, options.spread_uniformly, options.seed);
  }
  if (options.start_seconds > 0 || options.duration_seconds > 0) {
    records = window(std::move(records), options.start_seconds, options.duration_seconds);
  }
  if (options.rate_scale != 1) records = scaled(std::move(records), options.rate_scale);
  if (options.max_requests > 0) records = limited(std::move(records), options.max_requests);
  return records;
}

}  // namespace kvsim::traces
