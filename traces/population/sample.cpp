// SPDX-License-Identifier: Apache-2.0
#include "traces/population/sample.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/portable_math.h"
#include "base/random.h"
#include "traces/generators/stream_generator.h"

namespace kvsim::traces {

SessionSample sample_sessions(StreamSettings settings, std::uint64_t requests, std::uint64_t seed) {
  settings.arrivals = {};
  settings.arrivals.process = ArrivalSettings::Process::kClosed;
  settings.session.think_seconds = Distribution(0);
  settings.max_requests = requests;
  settings.duration = kNever;
  Names names;
  StreamGenerator generator(settings, 0, seed, names);
  SessionSample sample;
  std::uint64_t last_session = 0;
  for (std::uint64_t id = 0; id < requests; ++id) {
    const Request request = generator.take(id);
    if (request.session != last_session) sample.sessions += 1;
    last_session = request.session;
    sample.new_tokens += request.prompt.back().tokens + static_cast<double>(request.output_tokens);
    sample.inputs.push_back(request.input_tokens);
    sample.outputs.push_back(request.output_tokens);
    generator.finished({id, 0, Outcome::kCompleted});
  }
  return sample;
}

LengthPercentiles percentiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&values](double share) {
    const double rank = share * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(rank);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    return values[low] + (rank - static_cast<double>(low)) * (values[high] - values[low]);
  };
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {sum / static_cast<double>(values.size()), at(0.5), at(0.9), at(0.95), at(0.99)};
}

TouchedTokens::TouchedTokens(const SharedText& text, std::uint64_t seed)
    : draws_per_session_(text.share * text.per_session) {
  // Popular items stand alone; the others in groups so narrow (1 % of their rank) that one weight stands for
  // all.
  double sum = 0;
  for (double rank = 1; rank <= text.count;) {
    const double items = std::min(std::max(1.0, std::floor(rank / 100)), text.count - rank + 1);
    const double weight = portable_exp(-text.zipf_exponent * portable_log(rank + (items - 1) / 2));
    groups_.push_back({weight, items});
    sum += weight * items;
    rank += items;
  }
  for (Group& group : groups_) group.probability /= sum;
  RandomStream random(seed, "population/text lengths");
  const std::uint32_t draws = text.tokens.is_fixed() ? 1 : 10'000;
  for (std::uint32_t i = 0; i < draws; ++i) mean_tokens_ += text.tokens.sample_tokens(random);
  mean_tokens_ /= draws;
}

double TouchedTokens::of(double sessions) const {
  double items = 0;
  for (const Group& group : groups_) {
    const double draws = sessions * draws_per_session_ * group.probability;
    items += group.items * (1 - portable_exp(-std::min(draws, 700.0)));
  }
  return items * mean_tokens_;
}

}  // namespace kvsim::traces
