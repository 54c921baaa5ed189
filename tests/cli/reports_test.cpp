// SPDX-License-Identifier: Apache-2.0
// Can people read the reports of real commands: on a wide and a narrow screen, light and dark, and on paper?
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "base/files.h"
#include "tests/browser/chromium.h"
#include "tests/cli/command_line.h"

namespace kvsim {
namespace {

struct Report {
  std::string name, command, html;  // OUT in the command is the folder that html lies in
};

void PrintTo(const Report& report, std::ostream* out) { *out << report.name; }

std::string name_of_test(const ::testing::TestParamInfo<Report>& report) {
  std::string name = report.param.name;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char letter) { return !std::isalnum(letter); }, '_');
  return name;
}

Report run_of(const std::string& example, const std::string& workload) {
  return {example,
          "run --fleet examples/" + example + "/fleet.yaml --trace examples/" + workload + " --out OUT",
          "run.html"};
}

const std::string kQuickstart =
    "--fleet examples/quickstart/fleet.yaml --trace examples/quickstart/workload.yaml ";
const std::string kRouting =
    "--fleet examples/routing/fleet.yaml --fleet examples/routing/split-fleet.yaml "
    "--trace examples/routing/workload.yaml ";

class WrittenReport : public testing::Chromium {
 protected:
  void TearDown() override {
    Chromium::TearDown();
    std::filesystem::remove_all(out_);
  }
  // The report that a command wrote.
  std::string html_of(const std::string& command, const std::string& html) {
    std::string arguments = command;
    for (std::size_t at; (at = arguments.find("OUT")) != std::string::npos;)
      arguments.replace(at, 3, out_.string());
    const testing::CommandResult result = testing::run_command(
        std::string("cd ") + KVSIM_SOURCE_DIR + " && " + KVSIM_BINARY + " " + arguments + " 2>&1");
    EXPECT_TRUE(std::filesystem::exists(out_ / html)) << result.output;
    return read_file((out_ / html).string());
  }

  const std::filesystem::path out_ = own_folder("kvsim_reports");
};

class Reports : public WrittenReport, public ::testing::WithParamInterface<Report> {};

TEST_P(Reports, HaveNothingWrongInAnyView) { shown(html_of(GetParam().command, GetParam().html)); }

INSTANTIATE_TEST_SUITE_P(
    All, Reports,
    ::testing::Values(
        run_of("quickstart", "quickstart/workload.yaml"), run_of("routing", "routing/workload.yaml"),
        run_of("disaggregated", "disaggregated/workload.yaml"), run_of("outages", "outages/workload.yaml"),
        run_of("kv-tiers/host-over-storage", "kv-tiers/workload.yaml"),
        Report{"plan", "plan examples/plan/first/problem.yaml --out OUT", "plan.html"},
        Report{"no plan", "plan examples/plan/infeasible/problem.yaml --out OUT", "plan.html"},
        Report{"sweep",
               "sweep " + kQuickstart +
                   "--set replicas=1,2,4 --set router.policy=round-robin,least-request --out OUT",
               "sweep.html"},
        Report{"sweep of words",
               "sweep " + kQuickstart + "--set router.policy=round-robin,least-request --out OUT",
               "sweep.html"},
        Report{"compare", "compare " + kRouting + "--seeds 3 --by pool,tenant --out OUT", "compare.html"}),
    name_of_test);

// --- calibrate, with names that are elements
class CalibrationReport : public WrittenReport {
 protected:
  std::string file(const std::string& name) const { return (out_ / name).string(); }
  void write_case() const {
    write_file(file("load.yaml"),
               "load: {type: poisson, stages: [{rate: 2, duration: 5}, {rate: 6, duration: 5}]}\n"
               "data: {type: shared_prefix, shared_prefix: {num_groups: 20, num_prompts_per_group: 1, "
               "system_prompt_len: 1000, question_len: 20, output_len: 20}}\n");
    std::string text =
        "name: '</script><script>document.body.dataset.hacked=1</script>'\n"
        "source: {title: our lab, date: \"2026\"}\nworkload: load.yaml\n"
        "fleet: {model: Llama-3.1-8B, accelerator: H100-SXM-80}\nmeasured:\n";
    for (const char* figure :
         {"ttft_seconds, stage: 0, value: 0.07", "ttft_seconds, stage: 1, value: 0.08",
          "tpot_seconds, stage: 0, value: 0.008", "tpot_seconds, stage: 1, value: 0.009"})
      text += "  - {metric: " + std::string(figure) + "}\n";
    write_file(file("case.yaml"), text);
  }
  void write_steps() const {
    std::string steps = "n_prefill,n_decode,sum_context,step_seconds\n";
    for (int i = 1; i <= 20; ++i) {
      steps += "0,64," + std::to_string(64000 * i) + "," + std::to_string(8e-3 + 3.3e-3 * i) + "\n";
      steps += std::to_string(512 * i) + ",0," + std::to_string(512 * i) + "," +
               std::to_string(6e-3 + 0.021 * i) + "\n";
    }
    write_file(file("steps.csv"), steps);
  }
  const std::string to_ =
      " --out 'OUT/<b>fit.yaml' --report OUT/fit.html --parameter gemm_compute_share.bf16 ";
};

TEST_F(CalibrationReport, ShowsRunsAndLeavesNamesText) {
  write_case();
  const std::string dom =
      shown(html_of("calibrate OUT/case.yaml --seeds 1 --hold-out upper-rates" + to_, "fit.html"));
  EXPECT_EQ(testing::occurrences(dom, "data-hacked"), 0u);
  EXPECT_EQ(testing::occurrences(dom, "<b>fit"), 0u);
  EXPECT_EQ(testing::occurrences(dom, "Calibration of &lt;b&gt;fit"), 1u);
  EXPECT_EQ(testing::occurrences(dom, "<canvas"), 4u);
}

TEST_F(CalibrationReport, ShowsSteps) {
  write_steps();
  const std::string dom = shown(html_of(
      "calibrate OUT/steps.csv --accelerator H100-SXM-80 --model Llama-3.1-8B --date 2026-11-26" + to_,
      "fit.html"));
  EXPECT_EQ(testing::occurrences(dom, "<canvas"), 6u);
}

}  // namespace
}  // namespace kvsim
