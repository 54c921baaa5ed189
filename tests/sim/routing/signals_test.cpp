// SPDX-License-Identifier: Apache-2.0
// When are gauges read, how old are they in between, and what do they say?
#include "sim/routing/signals.h"

#include <gmock/gmock.h>

namespace kvsim::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

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

EndpointIds changes(const Signals& signals, std::uint64_t since) {
  EndpointIds seen;
  EXPECT_TRUE(signals.visit_changes(since, [&](EndpointId endpoint) { seen.push_back(endpoint); }));
  return seen;
}

TEST(Signals, TellWhoseValuesChangedSinceAVersion) {
  Signals signals({0, 0, 0}, 50);
  signals.scraped(2, {1, 0, 0});
  const std::uint64_t between = signals.version();
  signals.scraped(2, {1, 0, 0});  // nothing new
  signals.scraped(0, {0, 3, 0});
  signals.set_present(1, false);
  EXPECT_THAT(changes(signals, 0), ElementsAre(2, 0, 1));
  EXPECT_THAT(changes(signals, between), ElementsAre(0, 1));
  EXPECT_THAT(changes(signals, signals.version()), IsEmpty());
}

TEST(Signals, RememberOneChangeAnEndpoint) {
  Signals signals({0, 0}, 50);
  for (int i = 1; i <= 3; ++i) signals.scraped(1, {static_cast<double>(i), 0, 0});
  EXPECT_FALSE(signals.visit_changes(0, [](EndpointId) {}));
  EXPECT_THAT(changes(signals, 1), ElementsAre(1, 1));
}

}  // namespace
}  // namespace kvsim::sim
