// SPDX-License-Identifier: Apache-2.0
// The streams of a workload, merged by time; at equal times in the order of the file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "traces/generators/stream_generator.h"
#include "traces/source.h"

namespace kvsim::traces {

class MixedSource : public Source {
 public:
  using Notes = std::vector<std::pair<std::string, std::string>>;
  MixedSource(const MixSettings& settings, std::uint64_t seed, Notes notes = {});

  std::optional<Nanoseconds> next_arrival() override;
  Request take() override;
  void finished(const Finished& outcome) override;
  bool exhausted() override;
  const Names& names() const override { return names_; }
  std::string description() const override { return description_; }
  std::optional<double> progress() override;
  Notes notes() const override { return notes_; }

 private:
  std::string description_;
  std::uint64_t max_requests_;
  Notes notes_;
  Names names_;
  std::vector<StreamGenerator> streams_;
  std::unordered_map<std::uint64_t, std::size_t> stream_of_request_;  // of sessions, in flight
  std::uint64_t taken_ = 0;
  std::size_t next_stream_ = 0;
  Nanoseconds duration_ = 0;  // the longest stream's; kNever: unlimited
  Nanoseconds now_ = 0;
};

}  // namespace kvsim::traces
