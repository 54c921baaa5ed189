// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/popularity.h"

#include "base/portable_math.h"

namespace kvsim::traces {

namespace {

std::vector<double> zipf_weights(std::uint32_t count, double exponent) {
  std::vector<double> weights(count);
  double sum = 0;
  for (std::uint32_t k = 0; k < count; ++k) {
    weights[k] = portable_exp(-exponent * portable_log(k + 1.0));
    sum += weights[k];
  }
  for (double& weight : weights) weight *= count / sum;  // mean 1
  return weights;
}

}  // namespace

Popularity::Popularity(std::uint32_t count, double exponent) : count_(count) {
  if (exponent == 0 || count < 2) return;
  std::vector<double> left = zipf_weights(count, exponent);
  std::vector<std::uint32_t> small, large;
  for (std::uint32_t k = 0; k < count; ++k) (left[k] < 1 ? small : large).push_back(k);
  cells_.assign(count, Cell{1, 0});
  while (!small.empty() && !large.empty()) {
    const std::uint32_t poor = small.back(), rich = large.back();
    small.pop_back();
    cells_[poor] = {left[poor], rich};
    left[rich] -= 1 - left[poor];
    if (left[rich] < 1) {
      large.pop_back();
      small.push_back(rich);
    }
  }
}

std::uint32_t Popularity::sample(RandomStream& random) const {
  const auto cell = static_cast<std::uint32_t>(random.below(count_));
  if (cells_.empty()) return cell;
  return random.uniform() < cells_[cell].keep ? cell : cells_[cell].other;
}

}  // namespace kvsim::traces
