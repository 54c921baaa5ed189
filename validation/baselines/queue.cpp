// SPDX-License-Identifier: Apache-2.0
#include "validation/baselines/queue.h"

#include <algorithm>
#include <map>

#include "base/portable_math.h"
#include "validation/baselines/roofline.h"

namespace kvsim::validation {
namespace {

std::optional<double> wait_of(const Queue& queue, const std::string& statistic) {
  static const std::map<std::string, double> shares{{"p50", 0.5}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}};
  if (statistic == "mean") return queue.mean_wait_seconds();
  const auto share = shares.find(statistic);
  return share == shares.end() ? std::nullopt : std::optional(queue.wait_seconds_at(share->second));
}

}  // namespace

// Erlang's B for k servers from that for k - 1; C out of B.
double Queue::waiting_share() const {
  if (!steady()) return 1;
  const double erlangs = rate * service_seconds;
  double blocked = 1;
  for (std::uint32_t k = 1; k <= servers; ++k) blocked = erlangs * blocked / (k + erlangs * blocked);
  return blocked / (1 - erlangs / servers * (1 - blocked));
}

double Queue::mean_wait_seconds() const {
  if (!steady()) return (rate / capacity() - 1) * duration_seconds / 2;
  return waiting_share() / (capacity() - rate);
}

double Queue::wait_seconds_at(double share) const {
  if (!steady()) return (rate / capacity() - 1) * duration_seconds * share;
  return std::max(0.0, portable_log(waiting_share() / (1 - share)) / (capacity() - rate));
}

std::optional<double> predict_by_queue(const BaselineInput& input, const MeasuredFigure& figure) {
  const std::optional<RooflineCase> known = roofline_case(input, figure);
  if (!known) return {};
  const RooflineService& service = known->service;
  const Queue queue{known->step.slots * known->replicas, service.e2e_seconds, known->load.rate,
                    known->load.duration_seconds};
  const std::optional<double> wait = wait_of(queue, figure.statistic);
  if (!wait) return {};
  if (figure.metric == "queue_seconds") return wait;
  if (figure.metric == "ttft_seconds") return *wait + service.ttft_seconds;
  if (figure.metric == "e2e_seconds" && figure.statistic == "mean") return *wait + service.e2e_seconds;
  return {};
}

}  // namespace kvsim::validation
