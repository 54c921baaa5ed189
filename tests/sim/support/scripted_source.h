// SPDX-License-Identifier: Apache-2.0
// A source that plays a list of requests; a request may wait for another one's end (`after`, by place in the
// list).
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "traces/source.h"

namespace kvsim::testing {

struct Scripted {
  traces::Request request;
  int after = -1;  // arrival counts from that request's end then
};

class ScriptedSource final : public traces::Source {
 public:
  explicit ScriptedSource(std::vector<Scripted> script, traces::Names names = {})
      : script_(std::move(script)), names_(std::move(names)) {
    for (std::size_t i = 0; i < script_.size(); ++i)
      if (script_[i].after < 0) ready_.insert({script_[i].request.arrival, i});
  }
  std::optional<Nanoseconds> next_arrival() override {
    if (ready_.empty()) return {};
    return std::max(ready_.begin()->first, last_);
  }
  traces::Request take() override {
    const auto [time, place] = *ready_.begin();
    ready_.erase(ready_.begin());
    traces::Request request = script_[place].request;
    request.arrival = request.intended = last_ = std::max(time, last_);
    request.id = given_++;
    place_of_[request.id] = place;
    return request;
  }
  void finished(const traces::Finished& end) override {
    for (std::size_t i = 0; i < script_.size(); ++i)
      if (script_[i].after == static_cast<int>(place_of_[end.request_id]))
        ready_.insert({end.time + script_[i].request.arrival, i});
    ++ended_;
  }
  bool exhausted() override { return ended_ == script_.size(); }
  const traces::Names& names() const override { return names_; }
  std::string description() const override { return "script"; }

 private:
  std::vector<Scripted> script_;
  traces::Names names_;
  std::set<std::pair<Nanoseconds, std::size_t>> ready_;
  std::map<std::uint64_t, std::size_t> place_of_;
  Nanoseconds last_ = 0;
  std::uint64_t given_ = 0;
  std::size_t ended_ = 0;
};

inline traces::Request plain_request(Nanoseconds arrival, std::uint32_t input, std::uint32_t output,
                                     std::uint64_t stream) {
  traces::Request request;
  request.arrival = request.intended = arrival;
  request.input_tokens = input;
  request.output_tokens = output;
  request.prompt = {{stream, 0, input}};
  request.output_stream = stream + 1;
  return request;
}

}  // namespace kvsim::testing
