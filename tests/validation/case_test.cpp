// SPDX-License-Identifier: Apache-2.0
// What a case YAML says, and which are refused.
#include "validation/case.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include "tests/own_folder.h"

namespace kvsim::validation {
namespace {

const sim::FleetInputs& shipped() {
  static const sim::FleetInputs inputs = sim::load_fleet_inputs();
  return inputs;
}

std::string folder() {
  const auto path = own_folder("kvsim_case_test");
  std::filesystem::create_directories(path);
  std::ofstream(path / "fleet.yaml") << "model: Qwen3-8B\naccelerator: H200\n";
  std::ofstream(path / "workload.jsonl") << "{}\n";
  std::ofstream(path / "generated.yaml")
      << "kind: generate\nrequests: 9\narrivals: {rate: 1}\ninput_tokens: 10\noutput_tokens: 5\n";
  return path.string();
}

Case case_of(const std::string& yaml) {
  return read_case(parse_yaml(yaml, folder() + "/case.yaml"), shipped());
}

std::string problems_of(const std::string& yaml) {
  try {
    case_of(yaml);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

const std::string kHead = R"(
name: a-run
source: {title: our own lab, date: 2026-04-25}
fleet: fleet.yaml
workload: workload.jsonl
)";

const std::string kGenerated = R"(
name: a-run
source: {title: our own lab, date: 2026-04-25}
fleet: fleet.yaml
workload: generated.yaml
)";

TEST(Case, figures_come_in_the_metrics_own_unit) {
  const Case run = case_of(kHead + R"(
seed: 7
measured:
  - {metric: ttft_seconds, statistic: p99, value: 250, unit: ms, noise: 0.25}
  - {metric: output_tokens_per_second, value: 1500, stage: 3, source: {title: their log, date: 2026-05-01}}
  - {metric: hit_ratio, value: 36.6, unit: "%"}
)");
  EXPECT_EQ(run.name, "a-run");
  EXPECT_EQ(run.points[0].run.seed, 7u);
  EXPECT_EQ(run.points[0].run.fleet.pools[0].model.name, "Qwen3-8B");
  EXPECT_TRUE(std::filesystem::exists(run.points[0].run.workload));
  const std::vector<MeasuredFigure>& figures = run.points.at(0).figures;
  ASSERT_EQ(figures.size(), 3u);
  EXPECT_DOUBLE_EQ(figures[0].value, 0.25);
  EXPECT_EQ(figures[0].statistic, "p99");
  EXPECT_EQ(figures[0].source.title, "our own lab");
  EXPECT_FALSE(figures[0].stage.has_value());
  EXPECT_EQ(figures[1].stage, 3u);
  EXPECT_EQ(figures[1].source.title, "their log");
  EXPECT_DOUBLE_EQ(figures[2].value, 0.366);
  EXPECT_TRUE(figures[2].compared);
}

TEST(Case, only_chosen_metrics_are_compared) {
  const Case run = case_of(kHead +
                           "measured: [{metric: failed, value: 3}, {metric: completed, value: 97}]\n"
                           "compare: [completed]\n");
  EXPECT_FALSE(run.points[0].figures[0].compared);
  EXPECT_TRUE(run.points[0].figures[1].compared);
}

TEST(Case, the_fleet_may_stand_inside) {
  const Case run = case_of(
      "name: x\nsource: {title: t, date: 2026-01-01}\nworkload: workload.jsonl\n"
      "fleet: {model: Qwen3-8B, accelerator: MI300X, replicas: 2}\n"
      "measured: [{metric: completed, value: 1}]\n");
  EXPECT_EQ(run.points[0].run.fleet.pools[0].replicas, 2u);
}

const std::string kCopies =
    "name: x\nsource: {title: t, date: 2026}\nkind: copy-curve\naccelerator: H100-SXM-80\n";
const std::string kReplay =
    "name: x\nsource: {title: t, date: 2026}\nkind: block-replay\ntrace: workload.jsonl\nblock_tokens: 512\n";
const std::string kUsers =
    "metric: ttft_seconds, vary: {workload.arrivals.rate: 2}, values: [[1, 5], [2, 6.5, 0.5]]";

std::string curve(const std::string& keys) { return kGenerated + "curves: [{name: c, " + keys + "}]\n"; }
std::string copies(const std::string& keys) { return kCopies + "curves: [{name: c, " + keys + "}]\n"; }

// All keys that a reader names as valid when it meets an unknown one.
TEST(Case, the_schema_knows_the_same_keys_and_metrics) {
  const Document schema = load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/case.schema.json");
  const auto keys_of = [&](const Node& object) { return object.find("properties")->members; };
  const Node& definitions = *schema.root->find("$defs");
  const std::string root = problems_of(curve(kUsers) + "zzz: 1\n") + problems_of(kCopies + "zzz: 1\n") +
                           problems_of(kReplay + "trace_from: there\nzzz: 1\n");
  for (const auto& [key, value] : keys_of(*schema.root)) EXPECT_NE(root.find(key), std::string::npos) << root;
  const std::string figure = problems_of(kHead + "measured: [{metric: failed, value: 1, zzz: 1}]\n");
  for (const auto& [key, value] : keys_of(*definitions.find("figure")))
    EXPECT_NE(figure.find(key), std::string::npos) << figure;
  const std::string curves = problems_of(curve(kUsers + ", zzz: 1")) + problems_of(copies("zzz: 1")) +
                             problems_of(kReplay + "curves: [{zzz: 1}]\n");
  for (const auto& [key, value] : keys_of(*definitions.find("curve")))
    EXPECT_NE(curves.find(key), std::string::npos) << curves;
  const std::string rankings =
      problems_of(curve(kUsers) + "rankings: [{name: r, curves: {a: c, b: c}, zzz: 1}]\n");
  for (const auto& [key, value] : keys_of(*definitions.find("ranking")))
    EXPECT_NE(rankings.find(key), std::string::npos) << rankings;
  const std::string slo =
      problems_of(kHead + "measured: []\nslo_rate: [{metric: failed, below: 1, zzz: 1}]\n");
  for (const auto& [key, value] : keys_of(*definitions.find("slo_rate")))
    EXPECT_NE(slo.find(key), std::string::npos) << slo;
  const std::vector<Node>& names =
      definitions.find("figure")->find("properties")->find("metric")->find("enum")->items;
  ASSERT_EQ(names.size(), metrics().size());
  for (const Node& name : names) EXPECT_NE(find_metric(name.scalar), nullptr) << name.scalar;
}

TEST(Case, points_put_their_settings_into_fleet_and_workload) {
  const Case run = case_of(kGenerated + R"(
points:
  - name: more
    set: {fleet.replicas: 3, fleet.engine.max_num_seqs: 16, fleet.engine.version: '0.12.0', workload.requests: 7}
    measured: [{metric: completed, value: 7, tolerance: 0.5}]
)");
  ASSERT_EQ(run.points.size(), 1u);
  EXPECT_EQ(run.points[0].run.fleet.pools[0].replicas, 3u);
  EXPECT_EQ(run.points[0].run.fleet.pools[0].engine.max_num_seqs, 16u);
  ASSERT_EQ(run.points[0].run.workload_settings.size(), 1u);
  EXPECT_EQ(run.points[0].run.workload_settings[0].value, "7");
  EXPECT_EQ(run.points[0].figures[0].tolerance, 0.5);
}

TEST(Case, each_value_of_a_curve_is_a_run_with_x_in_it) {
  const Case run =
      case_of(curve("x: rate, metric: ttft_seconds, unit: ms, tolerance: 0.1, judged_from: 2, "
                    "vary: {workload.arrivals.rate: 2, fleet.replicas: 1}, "
                    "values: [[1, 5], [2, 6.5, 0.5]]"));
  ASSERT_EQ(run.curves.size(), 1u);
  EXPECT_EQ(run.curves[0].judged_from, 2);
  EXPECT_EQ(run.curves[0].values[1].uncertainty, 0.5);
  const RunCurve& of = std::get<RunCurve>(run.curves[0].of);
  ASSERT_EQ(of.points.size(), 2u);
  EXPECT_EQ(of.points[1].run.workload_settings[0].value, "4");
  EXPECT_EQ(of.points[1].run.fleet.pools[0].replicas, 2u);
  EXPECT_FALSE(of.points[1].base);
}

TEST(Case, a_base_has_x_but_not_the_settings_of_the_curve) {
  const Case run = case_of(curve(kUsers + ", set: {fleet.replicas: 4}, speedup_over: {fleet.tp: 2}"));
  const RunCurve& of = std::get<RunCurve>(run.curves[0].of);
  EXPECT_EQ(of.points[0].run.fleet.pools[0].replicas, 4u);
  ASSERT_TRUE(of.points[0].base);
  EXPECT_EQ(of.points[0].base->fleet.pools[0].replicas, 1u);
  EXPECT_EQ(of.points[0].base->fleet.pools[0].tp, 2u);
  EXPECT_EQ(of.points[0].base->workload_settings[0].value, "2");
}

TEST(Case, broken_points_and_curves_are_refused_with_a_remedy) {
  const std::vector<std::pair<std::string, std::string>> broken{
      {kGenerated + "points: [{name: p, measured: []}]\n", "no figure"},
      {kGenerated + "points: [{name: p, set: {replicas: 2}, measured: [{metric: failed, value: 1}]}]\n",
       "begin it with fleet. or workload."},
      {kGenerated + "points: [{name: p, set: {fleet.replics: 2}, measured: [{metric: failed, value: 1}]}]\n",
       "replicas"},
      {kGenerated + "points: [{name: p, set: {fleet.kv: {a: 1}}, measured: [{metric: failed, value: 1}]}]\n",
       "no single value"},
      {kGenerated + "points: [{name: p, set: 3, measured: [{metric: failed, value: 1}]}]\n", "PATH: VALUE"},
      {kGenerated +
           "points: [{name: p, set: {workload.streams.7.rate: 1}, measured: [{metric: failed, value: 1}]}]\n",
       "workload.streams.7.rate"},
      {kHead + "curves: [{name: c, " + kUsers + "}]\n", "workload"},
      {curve("metric: ttft_seconds, vary: {workload.arrivals.rate: 1}, values: []"), "no list of values"},
      {curve("metric: ttft_seconds, vary: {workload.arrivals.rate: 1}"), "no list of values"},
      {curve("metric: ttft_seconds, vary: {workload.arrivals.rate: 1}, values: [[1]]"), "values[0]"},
      {curve("metric: ttft_seconds, vary: {workload.arrivals.rate: 1}, values: [[1, .nan]]"), "values[0]"},
      {curve("metric: ttft_seconds, vary: {workload.arrivals.rate: 1}, values: [[1, -5]]"), "values[0]"},
      {curve("metric: ttft_seconds, vary: {workload.arrivals.rate: 1}, values: [[1, 1e300]]"), "values[0]"},
      {curve("metric: ttft_seconds, vary: {workload.arrivals.rate: 1}, values: [[1, 2, 3, 4]]"), "values[0]"},
      {curve("metric: ttft_seconds, vary: {workload.arrivals.rate: 1}, values: [[0, 2]]"), "arrivals.rate"},
      {curve("metric: ttft_seconds, vary: {workload.arrivals.rat: 1}, values: [[1, 2]]"), "rat"},
      {curve("metric: ttft_seconds, vary: {arrivals.rate: 1}, values: [[1, 2]]"), "begin it with"},
      {curve("metric: ttft_seconds, vary: {workload.arrivals.rate: 0}, values: [[1, 2]]"),
       "no factor above 0"},
      {curve("metric: ttft_seconds, vary: {workload.arrivals.rate: fast}, values: [[1, 2]]"),
       "no factor above 0"},
      {curve("metric: ttft_seconds, values: [[1, 2]]"), "no path that takes x"},
      {curve(kUsers + ", tolerance: -0.1"), "tolerance"},
      {curve(kUsers + ", tolerance: .nan"), "tolerance"},
      {curve(kUsers + ", tolerance: 0.1, tolerance_absolute: 1"), "keep one"},
      {curve(kUsers + ", judged_from: 5, judged_to: 4"), "above judged_to"},
      {curve(kUsers + ", speedup_over: {fleet.tp: 2}, unit: ms"), "unit"},
      {curve("metric: completed, speedup_over: {fleet.tp: 2}, vary: {workload.arrivals.rate: 1}, values: "
             "[[1, 2]]"),
       "no time"},
      {curve(kUsers + ", stages: [1]"), "give the stage of each value"},
      {curve(kUsers + ", stages: [1, 2], stage: 1"), "keep one"},
      {curve(kUsers + ", gaps_per_token: 2"), "counts no gaps"},
      {kCopies, "no curve"},
      {copies("method: dma, direction: sideways, values: [[1, 2]]"), "to-gpu"},
      {copies("method: mail, direction: to-gpu, values: [[1, 2]]"), "kernel"},
      {"name: x\nsource: {title: t, date: 2026}\nkind: copy-curve\naccelerator: TPU\n", "H100-SXM-80"},
      {kReplay + "curves: [{name: c, policy: fifo, values: [[1, 0]]}]\n", "length-aware"},
      {"name: x\nsource: {title: t, date: 2026}\nkind: guess\n", "copy-curve"},
  };
  for (const auto& [yaml, part] : broken) {
    const std::string message = problems_of(yaml);
    EXPECT_FALSE(message.empty()) << yaml;
    EXPECT_NE(message.find(part), std::string::npos) << yaml << message;
  }
}

TEST(Case, values_may_be_stages_of_one_run) {
  const Case run =
      case_of(curve("metric: itl_seconds, gaps_per_token: 2, stages: [1, 4], values: [[3, 5], [10, 6]]"));
  const RunCurve& of = std::get<RunCurve>(run.curves[0].of);
  EXPECT_EQ(of.figure.gaps_per_token, 2);
  EXPECT_EQ(of.points[0].run.identity, of.points[1].run.identity);
  EXPECT_EQ(of.points[0].stage, 1u);
  EXPECT_EQ(of.points[1].stage, 4u);
}

TEST(Case, runs_that_set_the_same_are_the_same) {
  const Case run = case_of(kGenerated + R"(
seeds: 3
points:
  - {name: a, set: {fleet.replicas: 2}, measured: [{metric: completed, value: 9}]}
  - {name: b, set: {fleet.replicas: 2}, measured: [{metric: failed, value: 0}]}
  - {name: c, set: {workload.requests: 2}, measured: [{metric: failed, value: 0}]}
)");
  EXPECT_EQ(run.seeds, 3u);
  EXPECT_EQ(run.points[0].run.identity, run.points[1].run.identity);
  EXPECT_NE(run.points[0].run.identity, run.points[2].run.identity);
}

TEST(Case, a_trace_that_is_not_there_is_no_fault_of_the_file) {
  const Case replay = case_of(
      "name: x\nsource: {title: t, date: 2026}\nkind: block-replay\ntrace: none.jsonl\ntrace_from: the moon\n"
      "block_tokens: 512\ncurves: [{name: c, policy: lru, values: [[1, 0]]}]\n");
  EXPECT_NE(replay.not_run.find("get it from the moon"), std::string::npos) << replay.not_run;
}

const std::string kTwoCurves = kGenerated + "curves: [{name: one, " + kUsers + "}, {name: two, " + kUsers +
                               "}, {name: odd, metric: ttft_seconds, vary: {fleet.replicas: 1}, values: [[1, "
                               "2]]}]\nrankings: [{name: r, ";

TEST(Case, a_ranking_names_its_curves_best_first) {
  const Case run =
      case_of(kTwoCurves + "curves: {b: two, a: one}, expected: [a, b], first: smallest, tie: 0.1}]\n");
  const Ranking& ranking = run.rankings.at(0);
  ASSERT_EQ(ranking.members.size(), 2u);
  EXPECT_EQ(ranking.members[0].name, "b");
  EXPECT_EQ(ranking.members[0].curve, 1u);
  EXPECT_EQ(ranking.expected, (std::vector<std::vector<std::size_t>>{{1}, {0}}));
  EXPECT_FALSE(ranking.largest_first);
}

TEST(Case, broken_rankings_are_refused_with_a_remedy) {
  const std::vector<std::pair<std::string, std::string>> broken{
      {"curves: {a: one}", "nothing to rank"},
      {"curves: {a: one, b: three}", "two"},
      {"curves: {a: one, b: odd}", "the same x"},
      {"curves: {a: one, b: two}, expected: a", "found no list"},
      {"curves: {a: one, b: two}, expected: [a]", "not every curve"},
      {"curves: {a: one, b: two}, expected: [a, [b, a]]", "twice"},
      {"curves: {a: one, b: two}, expected: [a, c]", "'c' is not ranked"},
      {"curves: {a: one, b: two}, first: worst", "smallest"},
      {"curves: {a: one, b: two}, tie: 2", "tie"},
  };
  for (const auto& [keys, part] : broken) {
    const std::string message = problems_of(kTwoCurves + keys + "}]\n");
    EXPECT_NE(message.find(part), std::string::npos) << keys << message;
  }
}

// The same fault of all values of a curve is told once.
TEST(Case, a_fault_of_a_whole_curve_is_told_once) {
  const std::string message = problems_of(curve(kUsers + ", set: {fleet.tp: 64}"));
  const std::string fault = "does not divide";
  ASSERT_NE(message.find(fault), std::string::npos) << message;
  EXPECT_EQ(message.find(fault), message.rfind(fault)) << message;
}

TEST(Case, broken_ones_are_refused_with_a_remedy) {
  const std::string one = "measured: [{metric: completed, value: 1}]\n";
  const std::vector<std::pair<std::string, std::string>> broken{
      {"", ""},
      {kHead, "no figure"},
      {kHead + "measured: [{metric: ttft, value: 1}]\n", "ttft_seconds"},
      {kHead + "measured: [{metric: ttft_seconds, statistic: p42, value: 1}]\n", "p50"},
      {kHead + "measured: [{metric: ttft_seconds, value: 1, unit: hours}]\n", "ms"},
      {kHead + "measured: [{metric: ttft_seconds, value: -1}]\n", "\"-1\""},
      {kHead + "measured: [{metric: ttft_seconds, value: .nan}]\n", "nan"},
      {kHead + "measured: [{metric: ttft_seconds, value: 1e308}]\n", "1e308"},
      {kHead + "measured: [{metric: ttft_seconds}]\n", "missing"},
      {kHead + "measured: [{metric: completed, statistic: mean, value: 1}]\n", "one value"},
      {kHead + "measured: [{metric: hit_ratio, value: 36}]\n", "share over 1"},
      {kHead + "measured: [{metric: failed, value: 1}, {metric: failed, value: 2}]\n", "second time"},
      {kHead + "measured: [{metric: failed, value: 1, nois: 2}]\n", "'nois'"},
      {kHead + one + "compare: [ttft_seconds]\n", "not measured"},
      {kHead + one + "slo_rate: [{metric: completed, below: 1}]\n", "no stage has a measured completed"},
      {kHead + one + "slo_rate: [{metric: ttft_seconds, below: 0}]\n", "slo_rate[0]"},
      {kHead + one + "slo_rate: [{metric: ttft_seconds, below: .nan}]\n", "slo_rate[0]"},
      {kHead + one + "slo_rate: [{metric: ttft_seconds, unit: hours, below: 1}]\n", "ms"},
      {kHead + one + "sed: 3\n", "did you mean 'seed'"},
      {"name: x\nsource: {title: t}\nfleet: fleet.yaml\nworkload: workload.jsonl\n" + one, "source.date"},
      {"name: x\nsource: {title: t, date: 2026}\nfleet: nofleet.yaml\nworkload: workload.jsonl\n" + one,
       "nofleet.yaml"},
      {"name: x\nsource: {title: t, date: 2026}\nfleet: [1]\nworkload: workload.jsonl\n" + one, "fleet"},
      {"name: x\nsource: {title: t, date: 2026}\nfleet: {model: Qwen3-8B}\nworkload: workload.jsonl\n" + one,
       "no accelerator"},
      {"name: x\nsource: {title: t, date: 2026}\nfleet: fleet.yaml\nworkload: none.jsonl\n" + one,
       "none.jsonl"},
  };
  for (const auto& [yaml, part] : broken) {
    const std::string message = problems_of(yaml);
    EXPECT_FALSE(message.empty()) << yaml;
    EXPECT_NE(message.find(part), std::string::npos) << yaml << message;
  }
}

}  // namespace
}  // namespace kvsim::validation
