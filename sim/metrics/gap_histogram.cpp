// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/gap_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace kvsim::sim {
namespace {

constexpr int kDroppedBits = 52 - 7;  // of the mantissa: 7 bits stay, 128 bins for each power of two
constexpr double kLowest = 0x1p-30;
constexpr double kBeyond = 0x1p14;

constexpr std::uint32_t high_bits(double seconds) {
  return static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(seconds) >> kDroppedBits);
}

std::uint32_t bin_of(double seconds) {
  constexpr std::uint32_t lowest = high_bits(kLowest);
  constexpr std::uint32_t last = high_bits(kBeyond) - 1;
  if (!(seconds >= kLowest)) return 0;
  return std::min(high_bits(seconds), last) - lowest;
}

double centre(std::uint32_t bin) {
  const std::uint64_t low = static_cast<std::uint64_t>(bin) + high_bits(kLowest);
  return std::bit_cast<double>((low << kDroppedBits) | (1ull << (kDroppedBits - 1)));
}

// The last of steps first .. last whose gap is in `bin`, which the first's is.
std::uint64_t last_step_in_bin(const models::Line& seconds, std::uint64_t first, std::uint64_t last,
                               std::uint32_t bin) {
  while (first < last) {
    const std::uint64_t middle = first + (last - first + 1) / 2;
    if (bin_of(seconds.at(middle)) == bin)
      first = middle;
    else
      last = middle - 1;
  }
  return first;
}

}  // namespace

void GapHistogram::count_bin(std::uint32_t bin, std::uint64_t gaps) {
  if (bins_.empty()) first_bin_ = bin;
  if (bin < first_bin_) {
    bins_.insert(bins_.begin(), first_bin_ - bin, 0);
    first_bin_ = bin;
  }
  if (bin - first_bin_ >= bins_.size()) bins_.resize(bin - first_bin_ + 1, 0);
  bins_[bin - first_bin_] += gaps;
}

void GapHistogram::add(const models::Line& seconds, std::uint64_t first_step, std::uint64_t last_step,
                       std::uint64_t sequences) {
  if (last_step < first_step || sequences == 0) return;
  const double low = seconds.at(first_step);
  const double high = seconds.at(last_step);
  min_ = count_ == 0 ? low : std::min(min_, low);
  max_ = count_ == 0 ? high : std::max(max_, high);
  count_ += (last_step - first_step + 1) * sequences;
  const std::uint32_t last_bin = bin_of(high);
  std::uint64_t step = first_step;
  for (std::uint32_t bin = bin_of(low); bin != last_bin; bin = bin_of(seconds.at(step))) {
    const std::uint64_t end = last_step_in_bin(seconds, step, last_step, bin);
    count_bin(bin, (end - step + 1) * sequences);
    step = end + 1;
  }
  count_bin(last_bin, (last_step - step + 1) * sequences);
}

void GapHistogram::merge(const GapHistogram& other) {
  if (other.count_ == 0) return;
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = count_ == 0 ? other.max_ : std::max(max_, other.max_);
  count_ += other.count_;
  count_bin(other.first_bin_ + static_cast<std::uint32_t>(other.bins_.size()) - 1, 0);
  for (std::uint32_t i = 0; i < other.bins_.size(); ++i) count_bin(other.first_bin_ + i, other.bins_[i]);
}

double GapHistogram::value_of_rank(std::uint64_t rank) const {
  if (rank == 0) return min_;
  if (rank + 1 >= count_) return max_;
  std::uint64_t before = 0;
  std::uint32_t bin = 0;
  while (before + bins_[bin] <= rank) before += bins_[bin++];
  return std::clamp(centre(first_bin_ + bin), min_, max_);
}

double GapHistogram::quantile(double share) const {
  if (count_ == 0) return kNotANumber;
  const double at = share * static_cast<double>(count_ - 1);
  const auto rank = static_cast<std::uint64_t>(at);
  const double low = value_of_rank(rank);
  if (rank + 1 >= count_) return low;
  return low + (value_of_rank(rank + 1) - low) * (at - std::floor(at));
}

Distribution GapHistogram::distribution(double mean) const {
  if (count_ == 0) return {};
  return {count_, mean, quantile(0.5), quantile(0.9), quantile(0.95), quantile(0.99), max_};
}

Statistics GapHistogram::statistics(double mean) const {
  Statistics result{count_, count_ == 0 ? kNotANumber : mean, {}};
  if (count_ > 0)
    for (const double share : statistics_shares()) result.at.push_back(quantile(share));
  return result;
}

std::vector<double> GapHistogram::cumulative() const {
  std::vector<double> result;
  for (int percent = 0; count_ > 0 && percent <= 100; ++percent) result.push_back(quantile(percent / 100.0));
  return result;
}

}  // namespace kvsim::sim
