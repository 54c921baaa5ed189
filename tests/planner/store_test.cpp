// SPDX-License-Identifier: Apache-2.0
// Does a plan depend on who simulated what, and when?
#include <sstream>

#include "planner/output/plan_json.h"
#include "planner/what_if.h"
#include "tests/planner/plan_fixture.h"

namespace kvsim::planner {
namespace {

const std::string kProblem = R"(name: store
model: Llama-3.1-8B
workload: workload.yaml
slo: {ttft: 2s, tpot: 100ms, attainment: 0.9}
engine: {max_model_len: 8192}
accept_unverified: true
search: {draws: 3, capacity_requests: 60, seeds: 2}
servers:
  - {name: l40s, accelerator: L40S, accelerators: 1, stock: 4, price: 9000}
  - {name: mi300x, accelerator: MI300X, accelerators: 1, stock: 3, price: 16000}
)";

struct Store : PlanTest {
  void SetUp() override {
    PlanTest::SetUp();
    write("workload.yaml",
          "kind: generate\nrequests: 120\narrivals: {rate: 12}\ninput_tokens: 900\noutput_tokens: 40\n");
  }
  Made whole(std::size_t jobs = 1, const std::string& store = "store") {
    return make(kProblem, Depth::kWhole, jobs, store);
  }
  static std::string json(const Made& made) {
    std::ostringstream text;
    write_plan_json(text, made.plan, {});
    return text.str();
  }
  std::vector<std::filesystem::path> kept() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "store"))
      if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
  }
};

TEST_F(Store, TheSamePlanSimulatesNothingTheSecondTime) {
  const Made first = whole(), second = whole();
  EXPECT_EQ(first.plan.state, PlanState::kFound);
  EXPECT_GT(first.simulated, 10u);
  EXPECT_EQ(second.simulated, 0u);
  EXPECT_EQ(json(first), json(second));
}

// Cut off, empty, no JSON, JSON of something else, another run's.
TEST_F(Store, ABrokenStoreIsRepaired) {
  const std::string first = json(whole());
  const auto files = kept();
  ASSERT_GT(files.size(), 10u);
  const std::string other = read_file(files[9].string());
  const std::string whole_file = read_file(files[0].string());
  const std::vector<std::string> broken = {whole_file.substr(0, whole_file.size() / 2),
                                           "",
                                           "\xff\x00garbage",
                                           "{}",
                                           "[1, 2]",
                                           "{\"requests\": {\"offered\": 1}}",
                                           "null",
                                           other};
  for (std::size_t i = 0; i < broken.size(); ++i) write_file(files[i].string(), broken[i]);
  const Made repaired = whole();
  EXPECT_EQ(json(repaired), first);
  EXPECT_EQ(repaired.simulated, broken.size());
  EXPECT_EQ(whole().simulated, 0u);
}

TEST_F(Store, ThePlanDoesNotDependOnTheNumberOfJobs) {
  const std::string one = json(whole());
  EXPECT_EQ(json(whole(2, "two")), one);
  EXPECT_EQ(json(whole(3, "three")), one);
}

// Another price asks for no new run of what stands; another goal is judged by the same runs.
TEST_F(Store, RunsServeOtherPlansOfTheSameFleets) {
  whole();
  const Made dearer = make(replaced(kProblem, "9000", "9100"), Depth::kWhole);
  EXPECT_EQ(dearer.simulated, 0u);
  EXPECT_GT(dearer.found, 10u);
}

}  // namespace
}  // namespace kvsim::planner
