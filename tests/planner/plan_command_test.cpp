// SPDX-License-Identifier: Apache-2.0
// The plan that `kvsim plan` leaves behind, however often it was killed and however many processes made it.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/random.h"
#include "tests/planner/problem_fixture.h"

namespace kvsim::planner {
namespace {

const std::string kPlanned = R"(name: killed
model: Llama-3.1-8B
workload: {trace: workload.yaml}
slo: {ttft: 2s, tpot: 100ms, attainment: 0.9}
engine: {max_model_len: 8192}
accept_unverified: true
search: {draws: 4, capacity_requests: 100}
servers:
  - {name: l40s, accelerator: L40S, accelerators: 1, stock: 4, price: 9000}
  - {name: mi300x, accelerator: MI300X, accelerators: 1, stock: 3, price: 16000}
scenarios: [{name: more, set: {workload.growth: 1.3}}]
)";

struct PlanCommand : ProblemTest {
  void SetUp() override {
    ProblemTest::SetUp();
    write("workload.yaml",
          "kind: generate\nrequests: 200\narrivals: {rate: 14}\ninput_tokens: 900\noutput_tokens: 40\n");
    write("problem.yaml", kPlanned);
  }
  std::string command(const std::string& out) const {
    return std::string(KVSIM_BINARY) + " plan " + (folder_ / "problem.yaml").string() +
           " --jobs 2 --no-what-if --out " + (folder_ / out).string() + " >/dev/null 2>&1";
  }
  std::string plan_json(const std::string& out) const {
    return read_file((folder_ / out / "plan.json").string());
  }
  static int run(const std::string& command) { return WEXITSTATUS(std::system(command.c_str())); }

  // In a process group of its own; true: it was killed before it had ended.
  static bool killed_after(const std::string& command, unsigned milliseconds, bool with_workers) {
    const pid_t child = fork();
    if (child == 0) {
      setpgid(0, 0);
      execl("/bin/sh", "sh", "-c", ("exec " + command).c_str(), nullptr);
      _exit(127);
    }
    setpgid(child, child);
    usleep(1000 * milliseconds);
    kill(with_workers ? -child : child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status);
  }
};

TEST_F(PlanCommand, AScenarioThatChangesNothingThatThereIsEndsItBeforeTheSearch) {
  write("problem.yaml", replaced(kPlanned, "workload.growth", "workload.size"));
  EXPECT_EQ(run(command("out")), 2);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
}

TEST_F(PlanCommand, KilledAtAnyMomentItGoesOnToTheSamePlan) {
  ASSERT_EQ(run(command("undisturbed")), 0);
  const std::uint64_t seed = 20261127;
  SCOPED_TRACE(seed);
  RandomStream random(seed, "kills");
  int killed = 0;
  for (int i = 0; i < 6; ++i) {
    const auto wait = static_cast<unsigned>(20 + random.below(400));
    killed += killed_after(command("disturbed"), wait, i % 2 == 0);
  }
  EXPECT_GT(killed, 1);
  ASSERT_EQ(run(command("disturbed")), 0);
  EXPECT_EQ(plan_json("disturbed"), plan_json("undisturbed"));
}

TEST_F(PlanCommand, TwoProcessesMakeTheSamePlanAsOne) {
  if (run("command -v mpirun >/dev/null") != 0) GTEST_SKIP() << "no mpirun";
  ASSERT_EQ(run(command("one")), 0);
  // Open MPI leaves memory behind, which is none of ours; on one machine it needs no ssh, which may be
  // missing.
  const std::string as_root =
      "ASAN_OPTIONS=detect_leaks=0 "
      "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 "
      "OMPI_MCA_plm=isolated ";
  ASSERT_EQ(run(as_root + "mpirun -n 2 " + command("two")), 0);
  EXPECT_EQ(plan_json("two"), plan_json("one"));
}

}  // namespace
}  // namespace kvsim::planner
