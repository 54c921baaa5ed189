// SPDX-License-Identifier: Apache-2.0
// Broken workload files: each is refused with its place and what to do, and nothing else happens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "tests/traces/generators/drive.h"

namespace kvsim::traces {
namespace {

using ::testing::HasSubstr;

struct Bad {
  const char* name;
  std::string text;
  const char* says;
};

void PrintTo(const Bad& bad, std::ostream* out) { *out << bad.name; }

// A sound workload with one thing changed.
std::string changed(const std::string& from, const std::string& to) {
  std::string text =
      "kind: generate\nrequests: 10\narrivals: {process: poisson, rate: 1}\ninput_tokens: 10\noutput_tokens: "
      "5\n";
  const std::size_t at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string with(const std::string& more) {
  return changed("kind: generate\n", "kind: generate\n" + more + "\n");
}

std::string staged(const std::string& load, const std::string& data = "{type: mock}") {
  return "load: " + load + "\ndata: " + data + "\n";
}

std::string people(const std::string& tenant, const std::string& more = "") {
  return "kind: population\n" + more + "tenants:\n  - {name: a, users: 100" + tenant + "}\n";
}

class BadWorkload : public ::testing::TestWithParam<Bad> {};

TEST_P(BadWorkload, IsRefusedWithPlaceAndRemedy) {
  const testing::TemporaryFile file(GetParam().text);
  try {
    const auto source = open_workload(file.path(), 1);
    FAIL() << GetParam().name << " was accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr(GetParam().says)) << GetParam().name;
    EXPECT_THAT(error.what(), HasSubstr("workload.yaml")) << GetParam().name;
    for (const Problem& problem : error.problems()) EXPECT_FALSE(problem.message.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Generate, BadWorkload,
    ::testing::Values(
        Bad{"empty", "", ""}, Bad{"list", "- a\n- b\n", "found no map"},
        Bad{"scalar", "hello", "found no map"}, Bad{"other file", "pools: []\n", "found the keys of a fleet"},
        Bad{"unknown kind", changed("generate", "generator"), "found kind 'generator'"},
        Bad{"truncated", "kind: generate\narrivals: {process: poi", ""},
        Bad{"binary", std::string("kind: generate\n\0\x01\xff", 18), ""},
        Bad{"unknown key", with("reqests: 5"), "reqests"}, Bad{"twice", with("requests: 5"), "requests"},
        Bad{"warm-up negative", with("warmup: -1"), "warmup"},
        Bad{"warm-up endless", with("warmup: .inf"), "warmup"},
        Bad{"popularity", with("shared_prompts: [{tokens: 5, popularity: in-trun}]"), "in-turn"},
        Bad{"in turn with an exponent",
            with("shared_prompts: [{tokens: 5, popularity: in-turn, exponent: 1}]"), "exponent"},
        Bad{"endless", changed("requests: 10\n", ""), "never ends"},
        Bad{"no arrivals", changed("arrivals: {process: poisson, rate: 1}\n", ""), "arrivals.rate: missing"},
        Bad{"no lengths", changed("input_tokens: 10\n", ""), "input_tokens: missing"},
        Bad{"rate 0", changed("rate: 1", "rate: 0"), "arrivals.rate"},
        Bad{"rate negative", changed("rate: 1", "rate: -3"), "arrivals.rate"},
        Bad{"rate NaN", changed("rate: 1", "rate: .nan"), "arrivals.rate"},
        Bad{"rate huge", changed("rate: 1", "rate: 1e308"), "arrivals.rate"},
        Bad{"rate in words", changed("rate: 1", "rate: fast"), "\"fast\""},
        Bad{"process", changed("poisson", "posson"), "did you mean"},
        Bad{"key of another process", changed("rate: 1", "rate: 1, burstiness: 2"), "burstiness"},
        Bad{"profile of 23", changed("poisson", "diurnal, profile: [1, 2, 3]"), "found 3 weights"},
        Bad{"profile of zeros",
            changed("poisson", "diurnal, profile: [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]"),
            "every weight is 0"},
        Bad{"profile name", changed("poisson", "diurnal, profile: office"), "office-week"},
        Bad{"phase", changed("poisson", "on-off, on: 0s"), "arrivals.on"},
        Bad{"clients", changed("poisson, rate: 1", "closed, clients: 0"), "arrivals.clients"},
        Bad{"length 0", changed("input_tokens: 10", "input_tokens: 0"), "input_tokens"},
        Bad{"length in quotes", changed("input_tokens: 10", "input_tokens: \"10\""), "input_tokens"},
        Bad{"length list", changed("input_tokens: 10", "input_tokens: [1]"), "input_tokens"},
        Bad{"distribution", changed("input_tokens: 10", "input_tokens: {distribution: pareto, mean: 3}"),
            "pareto"},
        Bad{"no mean", changed("input_tokens: 10", "input_tokens: {distribution: normal, deviation: 3}"),
            "mean"},
        Bad{"min above max",
            changed("input_tokens: 10", "input_tokens: {distribution: uniform, min: 30, max: 3}"),
            "above max"},
        Bad{"p95 below median",
            changed("input_tokens: 10", "input_tokens: {distribution: lognormal, median: 30, p95: 3}"),
            "below the median"},
        Bad{"correlation", with("correlation: 2"), "correlation"},
        Bad{"correlation of uniform",
            changed("input_tokens: 10",
                    "correlation: 0.5\ninput_tokens: {distribution: uniform, min: 1, max: 3}"),
            "correlation"},
        Bad{"no such table",
            "kind: generate\nrequests: 1\narrivals: {rate: 1}\nlengths: {file: workload.yaml}\n",
            "no column 'input_length'"},
        Bad{"table and lengths", with("lengths: {file: workload.yaml}"), "given beside"},
        Bad{"shared text", with("shared_prompts: [{tokens: -4}]"), "shared_prompts[0].tokens"},
        Bad{"too many shared", with("shared_prompts: [{tokens: 4, count: 5000001}]"), "count"},
        Bad{"drawn too often", with("shared_prompts: [{tokens: 4, count: 2, per_session: 3}]"),
            "more than count"},
        Bad{"turns", with("sessions: {turns: 0}"), "sessions.turns"},
        Bad{"at cap", with("sessions: {at_cap: stop}"), "drop-oldest"},
        Bad{"duration", changed("requests: 10", "duration: -5s"), "duration"},
        Bad{"duration unit", changed("requests: 10", "duration: 5 parsecs"), "duration"},
        Bad{"duration 0", changed("requests: 10", "duration: 0"), "duration"},
        Bad{"timeout", with("timeout: 1e300"), "timeout"},
        Bad{"no streams", "kind: generate\nrequests: 1\nstreams: []\n", "found 0 streams"},
        Bad{"stream names",
            "kind: generate\nrequests: 1\nstreams:\n- {name: a, arrivals: {rate: 1}, input_tokens: 1, "
            "output_tokens: 1}\n- {name: a, arrivals: {rate: 1}, input_tokens: 1, output_tokens: 1}\n",
            "second stream"},
        Bad{"stream key at the root",
            "kind: generate\nrequests: 1\ninput_tokens: 4\nstreams:\n- {name: a, arrivals: {rate: 1}, "
            "input_tokens: 1, output_tokens: 1}\n",
            "input_tokens"}));

INSTANTIATE_TEST_SUITE_P(
    InferencePerf, BadWorkload,
    ::testing::Values(
        Bad{"no stages", staged("{type: constant}"), "found 0 stages"},
        Bad{"type", staged("{type: constnt, stages: [{rate: 1, duration: 3}]}"), "did you mean 'constant'"},
        Bad{"stage without rate", staged("{stages: [{duration: 3}]}"), "load.stages[0].rate"},
        Bad{"stage without a request", staged("{stages: [{rate: 0.1, duration: 3}]}"), "makes 0 requests"},
        Bad{"stage too long", staged("{stages: [{rate: 1e6, duration: 1e6}]}"), "rate x duration"},
        Bad{"concurrency", staged("{type: concurrent, stages: [{rate: 4, duration: 3}]}"), "num_requests"},
        Bad{"sweep", staged("{stages: [{rate: 1, duration: 3}], sweep: {type: linear}}"), "load.sweep"},
        Bad{"data", staged("{stages: [{rate: 1, duration: 3}]}", "{type: shareGPT}"), "shared_prefix"},
        Bad{"groups",
            staged("{stages: [{rate: 1, duration: 3}]}",
                   "{type: shared_prefix, shared_prefix: {num_groups: 0}}"),
            "num_groups"},
        Bad{"prompts",
            staged("{stages: [{rate: 1, duration: 3}]}",
                   "{type: shared_prefix, shared_prefix: {num_groups: 10000, num_prompts_per_group: 10000}}"),
            "too many prompts"},
        Bad{"min above max",
            staged("{stages: [{rate: 1, duration: 3}]}",
                   "{type: random, input_distribution: {min: 9, max: 3}}"),
            "above max"},
        Bad{"replay of the wrong data", staged("{type: trace_session_replay, stages: [{num_sessions: 3}]}"),
            "go together"},
        Bad{"no trace", staged("{type: trace_replay}"), "load.trace.file: missing"},
        Bad{"several", "workload: {a: {load: {}}, b: {load: {}}}\n", "a, b"}));

INSTANTIATE_TEST_SUITE_P(
    Population, BadWorkload,
    ::testing::Values(
        Bad{"no tenants", "kind: population\n", "found 0 tenants"},
        Bad{"no users", "kind: population\ntenants: [{name: a}]\n", "users: missing"},
        Bad{"two of a name", "kind: population\ntenants: [{name: a, users: 1}, {name: a, users: 1}]\n",
            "second tenant"},
        Bad{"language", people(", language: xx"), "no tokens per page"},
        Bad{"share", people(", active_share: 2"), "active_share"},
        Bad{"case missing", people(", active_share: {low: 0.1, high: 0.2}"), "active_share.mid: missing"},
        Bad{"case", people("", "case: middle\n"), "case"},
        Bad{"window", people("", "window: rush-hour\n"), "peak-hour"},
        Bad{"window start", people("", "window: {start: someday}\n"), "tue 09:00"},
        Bad{"window length", people("", "window: {start: mon 09:00, duration: 90d}\n"), "window.duration"},
        Bad{"peak day", people("", "peak_day: 0.5\n"), "peak_day"},
        Bad{"pages", people(", documents: {pages: -1}"), "documents.pages"},
        Bad{"library", people(", documents: {library: 2, per_session: 3}"), "library"},
        Bad{"idle week", people(", profile: [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]"), "weight"},
        Bad{"unknown key", people(", turn: 3"), "turn"}));

TEST(Workload, AMissingFileIsNamed) {
  EXPECT_THROW(open_workload("/nonexistent/workload.yaml", 1), InputError);
}

TEST(Workload, IsKnownByItsName) {
  EXPECT_TRUE(is_workload_yaml("a/b.yaml"));
  EXPECT_TRUE(is_workload_yaml("b.YML#high"));
  EXPECT_FALSE(is_workload_yaml("trace.jsonl.zst"));
  EXPECT_FALSE(is_workload_yaml("yaml"));
}

TEST(Workload, ReportsAllProblemsAtOnce) {
  try {
    testing::open_text("kind: generate\nfoo: 1\narrivals: {rate: -1}\ninput_tokens: x\noutput_tokens: 0\n");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_GE(error.problems().size(), 5u) << error.what();
  }
}

}  // namespace
}  // namespace kvsim::traces
