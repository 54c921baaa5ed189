// SPDX-License-Identifier: Apache-2.0
#include "planner/residency_flow.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/planner/random_world.h"
#include "tests/random_cases.h"

namespace kvsim::planner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Problem two_sites() {
  Problem problem = bare_problem();
  problem.sites.push_back(site_named("lyon"));
  problem.servers = {server_for(1), server_for(1, "mi")};
  return problem;
}

// Options: 4 hgx at paris, 2 mi at lyon.
struct World {
  Problem problem = two_sites();
  Options options{.pools = {pool_of(0, 0, 4), pool_of(1, 1, 2)}};
  Load load;
  std::optional<Shortage> shortage() const { return lawful_shortage(problem, options, load); }
};

// `health` needs 6 servers of paris or 3 of lyon, `bank` 2 of paris. 4 + 2 servers carry
// health's 1/3 (2 of paris) + 2/3 (2 of lyon), and bank.
TEST(LawfulFlow, SeesNoShortageWhereAllFits) {
  World world;
  world.options.demand = {class_on({0, 1}, "health"), class_on({0}, "bank")};
  world.load.seconds = {{{6, 3}}, {{2, kUnbounded}}};
  EXPECT_FALSE(world.shortage());
}

// Lyon alone: 2 of the 3.2 servers that health needs, 62.5 %. Bank has all it needs at paris.
TEST(LawfulFlow, NamesTheClassThatTheLawLeavesTooLittle) {
  World world;
  world.options.demand = {class_on({1}, "health"), class_on({0}, "bank")};
  world.load.seconds = {{{1, 3.2}}, {{2, 2}}};
  const auto shortage = world.shortage();
  ASSERT_TRUE(shortage);
  EXPECT_THAT(shortage->demand, ElementsAre(0));
  EXPECT_NEAR(shortage->share, 2 / 3.2, 1e-9);
  EXPECT_EQ(shortage->in_words,
            "health llama: lawful options carry at most 62.5 % of their demand: 2 mi at lyon");
}

// Three and three servers of lyon are wanted, of which there are two: 2/6.
TEST(LawfulFlow, NamesClassesThatFallShortTogether) {
  World world;
  world.options.demand = {class_on({1}, "health"), class_on({0}, "shop"), class_on({1}, "bank")};
  world.load.seconds = {{{1, 3}}, {{4, 4}}, {{1, 3}}};
  const auto shortage = world.shortage();
  ASSERT_TRUE(shortage);
  EXPECT_THAT(shortage->demand, ElementsAre(0, 2));
  EXPECT_NEAR(shortage->share, 1.0 / 3, 1e-9);
}

TEST(LawfulFlow, AClassWithoutLawfulOptionsHasNone) {
  World world;
  world.options.demand = {class_on({})};
  world.load.seconds = {{{1, 1}}};
  const auto shortage = world.shortage();
  ASSERT_TRUE(shortage);
  EXPECT_EQ(shortage->share, 0);
  EXPECT_THAT(shortage->in_words, HasSubstr("there are none"));
}

// Two ways to use the same four servers are four servers.
TEST(LawfulFlow, CountsServersOnceHoweverTheyAreUsed) {
  World world;
  world.options.pools = {pool_of(0, 0, 4), pool_of(0, 0, 4)};
  world.options.demand = {class_on({0, 1})};
  world.load.seconds = {{{4, 4}}};
  EXPECT_FALSE(world.shortage());
  world.load.seconds = {{{5, 5}}};
  ASSERT_TRUE(world.shortage());
  EXPECT_NEAR(world.shortage()->share, 0.8, 1e-9);
}

// --- twin: the least of all cuts, one by one ---

struct Part {
  std::vector<std::size_t> lawful;
  std::vector<double> seconds;
  double need = kUnbounded;
};

std::vector<Part> parts_of(const RandomWorld& world) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < world.load.seconds.size(); ++i) {
    for (const auto& seconds : world.load.seconds[i]) {
      Part part{world.options.demand[i].lawful, seconds};
      for (const std::size_t option : part.lawful) part.need = std::min(part.need, seconds[option]);
      if (!std::isfinite(part.need)) part.lawful.clear();
      parts.push_back(part);
    }
  }
  return parts;
}

// Of the parts that are `in`, what can be carried if exactly the options of `used` lie on their side of the
// cut and each kind of server on the cheaper side.
double beyond(const RandomWorld& world, const std::vector<Part>& parts, std::size_t in, std::size_t used) {
  std::map<std::pair<std::size_t, std::size_t>, double> option_caps, kind_caps;
  double cut = 0;
  for (std::size_t option = 0; option < world.options.pools.size(); ++option) {
    const PoolOption& pool = world.options.pools[option];
    double speed = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto& lawful = parts[i].lawful;
      if (std::find(lawful.begin(), lawful.end(), option) == lawful.end()) continue;
      const double here = parts[i].need / parts[i].seconds[option];
      speed = std::max(speed, here);
      if ((in >> i & 1) && !(used >> option & 1)) cut += std::min(parts[i].need, pool.most * here);
    }
    auto& kind = kind_caps[{pool.site, pool.server}];
    kind = std::max(kind, pool.most * speed);
    if (used >> option & 1) option_caps[{pool.site, pool.server}] += pool.most * speed;
  }
  for (const auto& [kind, cap] : option_caps) cut += std::min(cap, kind_caps[kind]);
  return cut;
}

// What of the demand is not carried at most, in server-seconds a second of the fastest options.
double missing_by_cuts(const RandomWorld& world, const std::vector<Part>& parts) {
  double asked = 0;
  for (const Part& part : parts) asked += part.need;
  double least = asked;
  for (std::size_t in = 0; in < 1u << parts.size(); ++in) {
    double out = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) out += (in >> i & 1) ? 0 : parts[i].need;
    for (std::size_t used = 0; used < 1u << world.options.pools.size(); ++used) {
      least = std::min(least, out + beyond(world, parts, in, used));
    }
  }
  return asked - least;
}

// Classes of one part each.
TEST(LawfulFlow, AgreesWithTheLeastOfAllCuts) {
  int shortages = 0;
  for (int seed = 0; seed < random_cases(2000); ++seed) {
    SCOPED_TRACE(seed);
    RandomWorld world = random_world(seed);
    for (auto& parts : world.load.seconds) parts.resize(1);
    const auto parts = parts_of(world);
    const auto shortage = lawful_shortage(world.problem, world.options, world.load);
    if (std::any_of(parts.begin(), parts.end(), [](const Part& part) { return !std::isfinite(part.need); })) {
      ASSERT_TRUE(shortage);
      continue;
    }
    const double missing = missing_by_cuts(world, parts);
    ASSERT_EQ(shortage.has_value(), missing > 1e-9);
    if (!shortage) continue;
    double asked = 0;
    for (const std::size_t demand : shortage->demand) asked += parts[demand].need;
    ASSERT_NEAR(asked * (1 - shortage->share), missing, 1e-6 * asked);
    ++shortages;
  }
  EXPECT_GT(shortages, 0);
}

TEST(LawfulFlow, AShortageIsCertain) {
  int shortages = 0;
  for (int seed = 0; seed < random_cases(500); ++seed) {
    SCOPED_TRACE(seed);
    const RandomWorld world = bounded_world(seed);
    if (!lawful_shortage(world.problem, world.options, world.load)) continue;
    const FleetProgram program(world.problem, world.options, world.load, world.watts);
    ASSERT_EQ(solve(program.program(), {}).state, SolverState::kInfeasible);
    ++shortages;
  }
  EXPECT_GT(shortages, 0);
}

}  // namespace
}  // namespace kvsim::planner
