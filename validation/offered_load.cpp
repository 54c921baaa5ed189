// SPDX-License-Identifier: Apache-2.0
#include "validation/offered_load.h"

#include <algorithm>
#include <map>

#include "traces/offer_all.h"

namespace kvsim::validation {
namespace {

struct Tally {
  std::uint64_t requests = 0;
  double prompt_tokens = 0;
  double output_tokens = 0;
  Nanoseconds first = 0;
  Nanoseconds last = 0;
  bool closed = false;  // a request waited for an answer

  void add(const traces::Request& request) {
    if (requests == 0) first = request.arrival;
    last = request.arrival;
    ++requests;
    prompt_tokens += request.input_tokens;
    output_tokens += request.output_tokens;
    closed = closed || request.after != traces::kNoRequest;
  }

  OfferedLoad load(std::optional<std::uint32_t> stage, double rate, double duration_seconds) const {
    const double count = static_cast<double>(requests);
    return {stage, rate, duration_seconds, requests, prompt_tokens / count, output_tokens / count};
  }
};

std::vector<OfferedLoad> whole_run(const Tally& tally) {
  const double span = to_seconds(tally.last - tally.first);
  if (tally.closed || span <= 0) return {};
  return {tally.load({}, static_cast<double>(tally.requests) / span, span)};
}

// Else its requests are a part of one load.
bool has_load_of_its_own(const traces::Stage& stage) {
  return stage.warmup || stage.concurrency > 0 || stage.requested_rate > 0;
}

}  // namespace

std::vector<OfferedLoad> offered_loads(const Run& run) {
  const std::unique_ptr<traces::Source> source = traces::open_source(run.workload, reading_of(run));
  const std::vector<traces::Stage> stages = source->stages();
  std::map<std::int32_t, Tally> tallies;
  Tally all;
  traces::offer_all(*source, [&](const traces::Request& request) {
    tallies[request.stage].add(request);
    all.add(request);
  });
  if (std::none_of(stages.begin(), stages.end(), has_load_of_its_own)) return whole_run(all);
  std::vector<OfferedLoad> loads;
  for (const traces::Stage& stage : stages)
    if (stage.requested_rate > 0 && stage.duration_seconds > 0 && tallies.contains(stage.index))
      loads.push_back(
          tallies.at(stage.index)
              .load(static_cast<std::uint32_t>(stage.index), stage.requested_rate, stage.duration_seconds));
  return loads;
}

OfferedLengths offered_lengths(const Run& run) {
  Tally tally;
  traces::offer_all(*traces::open_source(run.workload, reading_of(run)),
                    [&](const traces::Request& request) { tally.add(request); });
  const double count = static_cast<double>(std::max<std::uint64_t>(tally.requests, 1));
  return {tally.prompt_tokens / count, tally.output_tokens / count};
}

const OfferedLoad* load_of(const std::vector<OfferedLoad>& loads, std::optional<std::uint32_t> stage) {
  const auto found =
      std::find_if(loads.begin(), loads.end(), [&](const OfferedLoad& load) { return load.stage == stage; });
  return found == loads.end() ? nullptr : &*found;
}

}  // namespace kvsim::validation
