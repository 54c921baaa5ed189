// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/gauge_scorers.h"

#include <algorithm>

#include "sim/routing/score_arrays.h"

namespace kvsim::sim {

void GaugeScorer::score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) {
  const Signals& signals = call.view.signals;
  if (version_ != signals.version() || endpoints_ != endpoints) {
    compute(signals, endpoints, scores_);
    version_ = signals.version();
    endpoints_ = endpoints;
  }
  std::copy(scores_.begin(), scores_.end(), scores.begin());
}

void QueueScorer::compute(const Signals& signals, const EndpointIds& endpoints, std::vector<double>& scores) {
  gather(signals.waiting(), endpoints, scores);
  score_low_of_range(scores);
}

void RunningScorer::compute(const Signals& signals, const EndpointIds& endpoints,
                            std::vector<double>& scores) {
  gather(signals.running(), endpoints, scores);
  score_low_of_range(scores);
}

void KvCacheScorer::compute(const Signals& signals, const EndpointIds& endpoints,
                            std::vector<double>& scores) {
  gather(signals.kv_usage(), endpoints, scores);
  for (double& value : scores) value = 1 - value;
}

void LoadAwareScorer::compute(const Signals& signals, const EndpointIds& endpoints,
                              std::vector<double>& scores) {
  gather(signals.waiting(), endpoints, scores);
  for (double& value : scores) value = 0.5 * (1 - std::min(value, threshold_) / threshold_);
}

}  // namespace kvsim::sim
