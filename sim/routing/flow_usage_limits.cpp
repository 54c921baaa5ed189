// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/flow_usage_limits.h"

#include <vector>

#include "sim/routing/flow_plugins.h"

namespace kvsim::sim {
namespace {

// 0 for the most important band, 1 for the least.
double depth(std::size_t rank, std::size_t bands) {
  return bands < 2 ? 0 : static_cast<double>(rank) / static_cast<double>(bands - 1);
}

class StaticLimit final : public UsageLimitPolicy {
 public:
  explicit StaticLimit(const Parameters& parameters) : threshold_(parameters.number("threshold")) {}
  double ceiling(std::size_t, std::size_t, double) const override { return threshold_; }

 private:
  double threshold_;
};

class PriorityHoldback final : public UsageLimitPolicy {
 public:
  explicit PriorityHoldback(const Parameters& parameters)
      : least_(parameters.number("minCeiling")), most_(parameters.number("maxCeiling")) {}
  double ceiling(std::size_t rank, std::size_t bands, double) const override {
    return most_ - depth(rank, bands) * (most_ - least_);
  }

 private:
  double least_, most_;
};

class SoftReflective final : public UsageLimitPolicy {
 public:
  double ceiling(std::size_t rank, std::size_t bands, double saturation) const override {
    return 1 - depth(rank, bands) * saturation;
  }
  bool stays_shut(std::size_t, std::size_t, double saturation) const override { return saturation >= 1; }

  bool opens(std::size_t rank, std::size_t bands, double saturation) override {
    if (saturation >= 1) return false;
    const double share = ceiling(rank, bands, saturation);
    if (saturation < share) return true;
    if (credit_.size() < bands) credit_.resize(bands);
    credit_[rank] += share;
    if (credit_[rank] < 1 - kRounding) return false;
    credit_[rank] -= 1;
    return true;
  }

 private:
  static constexpr double kRounding = 1e-9;
  std::vector<double> credit_;  // by rank
};

}  // namespace

std::unique_ptr<UsageLimitPolicy> make_usage_limit(const PluginSettings& plugin) {
  const std::size_t type =
      type_among(plugin, "usage-limit policy",
                 {"static-usage-limit-policy", "priority-holdback-policy", "soft-reflective-ceiling-policy"});
  if (type == 0) return std::make_unique<StaticLimit>(plugin.parameters);
  if (type == 1) return std::make_unique<PriorityHoldback>(plugin.parameters);
  return std::make_unique<SoftReflective>();
}

}  // namespace kvsim::sim
