// SPDX-License-Identifier: Apache-2.0
// When are gauges read, how old are they in between, and what do they say?
#include "sim/routing/signals.h"

#include <gtest/gtest.h>

namespace kvsim::sim {
namespace {

TEST(Signals, AreScrapedAtFixedTicksFromTheFirstOn) {
  const Signals signals({30, 70}, 100);
  EXPECT_EQ(signals.next_scrape(0, 0), 30);
  EXPECT_EQ(signals.next_scrape(0, 29), 30);
  EXPECT_EQ(signals.next_scrape(0, 30), 130);
  EXPECT_EQ(signals.next_scrape(0, 129), 130);
  EXPECT_EQ(signals.next_scrape(0, 130), 230);
  EXPECT_EQ(signals.next_scrape(1, 30), 70);
}

TEST(Signals, GrowOldBetweenScrapes) {
  const Signals signals({30}, 100);
  EXPECT_EQ(signals.age(0, 20), 20);  // since the start of the run
  EXPECT_EQ(signals.age(0, 31), 1);
  EXPECT_EQ(signals.age(0, 129), 99);
  EXPECT_EQ(signals.age(0, 130), 100);  // the scrape of this instant is not told yet
  EXPECT_EQ(signals.age(0, 131), 1);
}

TEST(Signals, KeepTheirVersionWhereAScrapeFindsNothingNew) {
  Signals signals({0, 0}, 100);
  signals.scraped(1, {3, 4, 0.5});
  EXPECT_EQ(signals.waiting()[1], 3);
  EXPECT_EQ(signals.running()[1], 4);
  EXPECT_EQ(signals.kv_usage()[1], 0.5);
  const std::uint64_t version = signals.version();
  signals.scraped(1, {3, 4, 0.5});
  EXPECT_EQ(signals.version(), version);
  signals.scraped(1, {3, 4, 0.75});
  EXPECT_GT(signals.version(), version);
}

}  // namespace
}  // namespace kvsim::sim
