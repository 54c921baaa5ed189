// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/scrape_wheel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "tests/random_cases.h"

namespace kvsim::sim {
namespace {

constexpr Nanoseconds kEvery = 20;

// Expected ticks as a sorted set of (time, key).
class Wheels {
 public:
  explicit Wheels(std::uint64_t seed) : draw_(seed, "test") {
    for (std::uint64_t i = 0; i < 1 + draw_.below(12); ++i)
      first_.push_back(static_cast<Nanoseconds>(draw_.below(kEvery)));
    wheel_ = ScrapeWheel(first_, kEvery);
  }

  void step() {
    if (draw_.below(2) == 0) expect(static_cast<std::uint32_t>(draw_.below(first_.size())));
    ASSERT_EQ(wheel_.expects_any(), !plain_.empty());
    if (plain_.empty()) {
      now_ += static_cast<Nanoseconds>(draw_.below(3 * kEvery));
      return;
    }
    const auto [time, key] = *plain_.begin();
    ASSERT_EQ(wheel_.time(), time);
    ASSERT_EQ(wheel_.key(), key);
    if (draw_.below(3) == 0) {
      now_ += static_cast<Nanoseconds>(draw_.below(static_cast<std::uint64_t>(time - now_) + 1));
      return;
    }
    now_ = time;
    ASSERT_EQ(wheel_.take(), key);
    plain_.erase(plain_.begin());
    if (draw_.below(4) != 0) expect(key);
  }

 private:
  void expect(std::uint32_t key) {
    const bool expected =
        std::any_of(plain_.begin(), plain_.end(), [key](const auto& tick) { return tick.second == key; });
    ASSERT_EQ(wheel_.expects(key), expected);
    if (expected) return;
    Nanoseconds next = first_[key];
    while (next <= now_) next += kEvery;
    plain_.insert({next, key});
    wheel_.expect(key, now_);
  }

  RandomStream draw_;
  std::vector<Nanoseconds> first_;
  ScrapeWheel wheel_;
  std::set<std::pair<Nanoseconds, std::uint32_t>> plain_;
  Nanoseconds now_ = -1;
};

TEST(ScrapeWheel, TellsTicksInTheOrderOfASortedSet) {
  for (int round = 0; round < random_cases(200); ++round) {
    Wheels wheels(static_cast<std::uint64_t>(round));
    for (int i = 0; i < 500 && !::testing::Test::HasFatalFailure(); ++i) wheels.step();
  }
}

}  // namespace
}  // namespace kvsim::sim
