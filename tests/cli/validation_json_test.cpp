// SPDX-License-Identifier: Apache-2.0
// Is what `kvsim validate --json` prints what its schema says?
#include "cli/validation_json.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/files.h"
#include "tests/own_folder.h"
#include "tests/schema_faults.h"

namespace kvsim::cli {
namespace {

using testing::at;

const std::string kCase =
    "source: {title: t, date: 2026}\nseeds: 2\nworkload: workload.yaml\n"
    "fleet: {model: Llama-3.1-8B, accelerator: H100-SXM-80}\n"
    "measured:\n"
    "  - {metric: output_tokens_per_second, stage: 0, value: 90, noise: 0.1}\n"
    "  - {metric: ttft_seconds, stage: 0, value: 0.1}\n"
    "  - {metric: tpot_seconds, stage: 0, value: 0.01, tolerance: 0.1}\n"
    "  - {metric: ttft_seconds, stage: 1, value: 2}\n"
    "series: [{metric: running_requests, values: [1, 2]}]\n"
    "requests: requests.csv\n"
    "slo_rate: [{metric: ttft_seconds, below: 1}]\n"
    "curves:\n"
    "  - {name: a, metric: ttft_seconds, stages: [0, 1], values: [[5, 1], [50, 1]]}\n"
    "  - {name: b, metric: e2e_seconds, stages: [0, 1], values: [[5, 1], [50, 1]]}\n"
    "rankings: [{name: r, curves: {a: a, b: b}}]\n";

const std::string kWorkload =
    "load: {type: poisson, stages: [{rate: 5, duration: 4}, {rate: 50, duration: 4}]}\n"
    "data: {type: shared_prefix, shared_prefix: {num_groups: 3, num_prompts_per_group: 2, "
    "system_prompt_len: 2000, question_len: 200, output_len: 20}}\n";

validation::CaseResult result_of(const std::string& head) {
  const auto folder = own_folder("kvsim_validation_json");
  write_file((folder / "workload.yaml").string(), kWorkload);
  write_file((folder / "requests.csv").string(), "request,ttft_seconds\n0,0.1\n9999,0.1\n");
  const Document document = parse_yaml(head + kCase, (folder / "case.yaml").string());
  return validation::run_case(validation::read_case(document, sim::load_fleet_inputs()));
}

Document json_of(const std::vector<validation::CaseResult>& results) {
  std::ostringstream out;
  write_validation_json(out, results);
  return parse_json(out.str(), "validation.json");
}

TEST(ValidationJson, HasExactlyTheKeysOfTheSchema) {
  validation::CaseResult missing;
  missing.not_run = "no trace";
  const Document json =
      json_of({result_of("name: one\n"), result_of("name: two\ncompared_to: one\n"), missing});
  const Document schema = load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/validation.schema.json");
  EXPECT_EQ(testing::faults_of(json, schema), std::vector<std::string>());
  for (const char* list : {"cases/0/figures", "cases/0/series", "cases/0/requests", "cases/0/stages",
                           "cases/0/slo_rates", "cases/0/curves", "cases/0/rankings", "pairs",
                           "summary/metrics", "summary/baselines", "summary/slo_rates"})
    EXPECT_FALSE(at(*json.root, list).items.empty()) << list;
}

// Of the same run over itself every ratio is 1. The TTFT crosses 1 s between 5/s and 50/s, at 5 + 45 x 0.9
// / 1.9.
TEST(ValidationJson, SaysRatesAndRatios) {
  const Document json = json_of({result_of("name: one\n"), result_of("name: two\ncompared_to: one\n")});
  EXPECT_EQ(at(*json.root, "pairs/0/ratios/0/simulated").scalar, "1");
  EXPECT_EQ(at(*json.root, "pairs/0/over").scalar, "one");
  EXPECT_NEAR(std::stod(at(*json.root, "cases/0/slo_rates/0/measured/value").scalar), 5 + 45 * 0.9 / 1.9,
              1e-9);
  EXPECT_EQ(at(*json.root, "cases/0/slo_rates/0/simulated/bound").scalar, "at least");
  EXPECT_EQ(at(*json.root, "cases/0/figures/0/saturated").scalar, "false");
}

}  // namespace
}  // namespace kvsim::cli
