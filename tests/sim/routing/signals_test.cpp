// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/signals.h"

#include <gmock/gmock.h>

namespace kvsim::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

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
