// SPDX-License-Identifier: Apache-2.0
// What a fabric does besides sharing: cancelling, counting, refusing, and living after another one.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <limits>

#include "base/errors.h"
#include "base/random.h"
#include "tests/sim/fabric/fabric_fixture.h"

namespace kvsim::sim {
namespace {

constexpr double kGigabyte = 1e9;
constexpr Nanoseconds kMillisecond = 1'000'000;

class FabricLife : public FabricTest {
 protected:
  void make_link() { make({{{"link", 10e9}}, {{{0}, {}}, {{}, {}}}}); }

  // 1000 random flows whose ends are no round numbers.
  Ends random_run() {
    make({{{"a", 7.3e9}, {"b", 3.1e9}, {"c", 5.7e9}}, {{{0}, {}}, {{1}, {2}}, {{}, {1}}}});
    RandomStream random(5, "flows");
    Nanoseconds now = 0;
    for (FlowId flow = 0; flow < 1000; ++flow) {
      now += static_cast<Nanoseconds>(random.below(30'000'000));
      const auto from = static_cast<std::uint32_t>(random.below(2));
      start(now, flow, from, from + 1, 1e8 * random.uniform());
    }
    return ends();
  }
};

// Both have 0.75 GB left at 50 ms; the one that stays has the link for itself: 75 ms more.
TEST_F(FabricLife, ACancelledFlowGivesItsShareBackAtOnce) {
  make_link();
  start(0, 1, 0, 1, kGigabyte);
  start(0, 2, 0, 1, kGigabyte);
  fabric().cancel(50 * kMillisecond, 2);
  EXPECT_EQ(ends(), (Ends{{1, 125 * kMillisecond}}));
  EXPECT_NEAR(carried(125 * kMillisecond)[0], 1.25 * kGigabyte, 1);
}

// Of four flows two are cancelled at once, one that has ended and one that runs.
TEST_F(FabricLife, CancelsWhatHasEndedAndIsNotTaken) {
  make_link();
  for (FlowId flow = 1; flow <= 3; ++flow) start(0, flow, 0, 1, flow == 1 ? 0.5 * kGigabyte : kGigabyte);
  fabric().cancel(150 * kMillisecond, 1);
  fabric().cancel(150 * kMillisecond, 3);
  EXPECT_EQ(ends(), (Ends{{2, 200 * kMillisecond}}));
  EXPECT_NEAR(carried(200 * kMillisecond)[0], 2 * kGigabyte, 1);
}

TEST_F(FabricLife, CarriedCountsWhatRuns) {
  make_link();
  start(0, 1, 0, 1, kGigabyte);
  EXPECT_NEAR(carried(30 * kMillisecond)[0], 0.3 * kGigabyte, 1);
  EXPECT_NEAR(carried(60 * kMillisecond)[0], 0.6 * kGigabyte, 1);
  EXPECT_EQ(ends(), (Ends{{1, 100 * kMillisecond}}));
  EXPECT_EQ(carried(200 * kMillisecond)[0], kGigabyte);
}

// SimGrid's clock goes on from fabric to fabric, by 2000 s each time here.
TEST_F(FabricLife, TheSameFlowsEndAtTheSameTimesInEveryFabricOfAProcess) {
  const Ends first = random_run();
  ASSERT_EQ(first.size(), 1000u);
  for (int i = 0; i < 20; ++i) {
    start(2000 * kNanosecondsPerSecond, 1, 0, 1, kGigabyte);
    ASSERT_EQ(random_run(), first) << "fabric " << i;
  }
}

TEST_F(FabricLife, IsLeftWithFlowsRunning) {
  for (int i = 0; i < 3; ++i) {
    make_link();
    start(0, 1, 0, 1, kGigabyte);
    start(kMillisecond, 2, 0, 1, kGigabyte);
  }
  EXPECT_EQ(fabric().next(), 199 * kMillisecond);
}

TEST_F(FabricLife, GoesOnInAForkedProcess) {
  make_link();
  start(0, 1, 0, 1, kGigabyte);
  const pid_t child = fork();
  if (child == 0) {
    start(50 * kMillisecond, 2, 0, 1, kGigabyte);
    _exit(ends() == Ends{{1, 150 * kMillisecond}, {2, 200 * kMillisecond}} ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ends(), (Ends{{1, 100 * kMillisecond}}));
}

TEST_F(FabricLife, LeavesSignalHandlersAlone) {
  struct sigaction ours {
  }, before{}, after{};
  ours.sa_handler = [](int) {};
  sigaction(SIGINT, &ours, &before);
  make_link();
  sigaction(SIGINT, &before, &after);
  EXPECT_EQ(after.sa_handler, ours.sa_handler);
}

TEST_F(FabricLife, RefusesMisuse) {
  make_link();
  const double infinite = std::numeric_limits<double>::infinity();
  for (const double bytes : {-1.0, infinite, std::numeric_limits<double>::quiet_NaN(), 1e19})
    EXPECT_THROW(fabric().start(0, 1, 0, 1, bytes), Error) << bytes;
  EXPECT_THROW(fabric().start(0, 1, 0, 2, 1), Error);
  EXPECT_THROW(fabric().cancel(0, 1), Error);
  EXPECT_THROW(make_fabric({}), Error);  // one at a time
  fabric().start(0, 1, 0, 1, kGigabyte);
  EXPECT_THROW(fabric().start(0, 1, 0, 1, kGigabyte), Error);
  EXPECT_EQ(ends(), (Ends{{1, 100 * kMillisecond}}));
}

TEST_F(FabricLife, AFlowThatNeverEndsIsNeverNext) {
  make({{{"link", 1}}, {{{0}, {}}, {{}, {}}}});
  start(0, 1, 0, 1, 1e18);
  EXPECT_EQ(fabric().next(), kNever);
}

TEST(FabricPlan, NamesAllItsFaults) {
  const double infinite = std::numeric_limits<double>::infinity();
  FabricPlan plan{{{"fine", 1e9}, {"nothing", 0}, {"negative", -1}, {"infinite", infinite}, {"nan", 0}},
                  {{{0}, {9}}}};
  plan.links[4].bytes_per_second = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(faults(plan).size(), 5u);
  try {
    make_fabric(plan);
    FAIL() << "a fabric of such links";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kBadInput);
    if (!has_simgrid()) return;
    for (const char* name : {"nothing", "negative", "infinite", "nan", "port 0 names link 9"})
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
  }
}

TEST(FabricPlan, IsRefusedInABuildWithoutSimGrid) {
  if (has_simgrid()) GTEST_SKIP() << "a build with SimGrid";
  try {
    make_fabric({});
    FAIL() << "a fabric without SimGrid";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kBadInput);
    EXPECT_NE(std::string(error.what()).find("storage"), std::string::npos);
  }
}

}  // namespace
}  // namespace kvsim::sim
