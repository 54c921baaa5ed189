// SPDX-License-Identifier: Apache-2.0
// What the loads behind lower bounds count, and what they must not.
#include <fmt/format.h>

#include "planner/loads.h"
#include "tests/planner/plan_fixture.h"

namespace kvsim::planner {
namespace {

constexpr double kNothing = 1e-4;  // a server, whatever little it does

const std::string kHead = R"(model: Llama-3.1-8B
workload: trace.jsonl
servers: [{name: l40s, accelerator: L40S, accelerators: 1, price: 9000, stock: 4}]
engine: {max_model_len: 8192}
accept_unverified: true
search: {draws: 0}
)";

// A prompt of 1,000 tokens and an answer of 50, without the braces.
std::string request(double arrival, const std::string& more = "") {
  return fmt::format(R"("arrival_seconds": {}, "input_tokens": 1000, "output_tokens": 50{})", arrival, more);
}

class Bounds : public PlanTest {
 protected:
  void trace(const std::vector<std::string>& requests) {
    std::string text = "{\"kvsim_trace\": 1}\n";
    for (const std::string& one : requests) text += "{" + one + "}\n";
    write("trace.jsonl", text);
  }
  // The seconds of prefill tokens, by class, and the degraded share.
  Load load(const std::string& text) {
    const Problem read = problem(kHead + text);
    demand_ = demand_of(read);
    DemandNames names;
    for (const auto& [kind, sums] : demand_.kinds) names.insert(kind);
    options_ = list_options(read, shipped(), names);
    return bound_load(read, options_, demand_, pools_at_best(read, options_.pools, shipped()));
  }
  Demand demand_;
  Options options_;
};

// 20 requests in 19 s, of which city sends 4 and museum 16. With an attainment of 0.9 two may be late, and
// both may be of one tenant: 2 of city's 4 and 14 of museum's 16 count, in 19 + 2 s. So city weighs a seventh
// of museum; with 0.7 six may be late, and nothing of city counts.
TEST_F(Bounds, LateRequestsOfAClassMayAllBeOfOneTenant) {
  std::vector<std::string> requests;
  for (int i = 0; i < 20; ++i)
    requests.push_back(request(i, i % 5 == 0 ? R"(, "tenant": "city")" : R"(, "tenant": "museum")"));
  trace(requests);
  const Load strict = load("slo: {ttft: 2s, attainment: 0.9}\n");
  EXPECT_NEAR(strict.seconds[1][0][0] / strict.seconds[0][0][0], 7, 1e-6);
  EXPECT_EQ(load("slo: {ttft: 2s, attainment: 0.7}\n").seconds[0][0][0], kNothing);
}

// Classes are judged each by itself.
TEST_F(Bounds, LateRequestsOfOneClassDoNotHelpAnother) {
  std::vector<std::string> requests;
  for (int i = 0; i < 20; ++i)
    requests.push_back(request(i, i % 2 == 0 ? R"(, "class": "a")" : R"(, "class": "b")"));
  trace(requests);
  const Load all =
      load("slo_classes: [{name: a, ttft: 2s, attainment: 1}, {name: b, ttft: 2s, attainment: 0.5}]\n");
  EXPECT_NEAR(all.seconds[0][0][0] / all.seconds[1][0][0], 2, 1e-6);  // 10 and 5 of 10
}

// 21 requests in 20 s. The loss comes after 5 s, 15 requests after it. All of them: in 15 + 1 s instead of 21
// in 20 + 1 s, so 15/16 of the load. With 0.6 eight may be late: 7 of the 15 count.
TEST_F(Bounds, AfterALossOnlyWhatStillComesCounts) {
  std::vector<std::string> requests;
  for (int i = 0; i <= 20; ++i) requests.push_back(request(i));
  trace(requests);
  EXPECT_NEAR(load("slo: {ttft: 1s, attainment: 1}\n").degraded_share, 15.0 / 16, 1e-6);
  EXPECT_NEAR(load("slo: {ttft: 1s, attainment: 1, degraded: {ttft: 1s, attainment: 0.6}}\n").degraded_share,
              7.0 / 16, 1e-6);
  EXPECT_EQ(load("slo: {ttft: 1s, attainment: 1, degraded: {ttft: 1s, attainment: 0.2}}\n").degraded_share,
            0);
}

// Ten conversations of two turns, one a second; the second turns come when the first ones are answered, and
// the slower that is the later. Only first turns count, without those that come as late as the last
// request: 9. Of all 20 requests two may be late: 7 prompts of 1,000 tokens in 8 + 1 s.
TEST_F(Bounds, TurnsThatWaitForAnswersAreNotCountedOn) {
  std::vector<std::string> requests;
  for (int i = 0; i < 10; ++i) {
    requests.push_back(request(i, fmt::format(R"(, "id": {}, "session": "s{}")", i, i)));
    requests.push_back(
        fmt::format(R"("after": {}, "session": "s{}", "input_tokens": 4000, "output_tokens": 50)", i, i));
  }
  trace(requests);
  const Load all = load("slo: {ttft: 1s, attainment: 0.9}\n");
  const KindDemand& kind = demand_.kinds.begin()->second;
  EXPECT_EQ(kind.requests, 20u);
  EXPECT_EQ(kind.arrivals.size(), 9u);  // what comes with the last arrival may come too late to be asked for
  EXPECT_EQ(kind.least(7).prefill_tokens, 7000);
  EXPECT_EQ(demand_.last_independent_seconds, 8);
  EXPECT_EQ(demand_.span_seconds, 9);
  const double all_nine = load("slo: {ttft: 1s, attainment: 1}\n").seconds[0][0][0];
  EXPECT_NEAR(all.seconds[0][0][0] / all_nine, 7.0 / 9, 1e-6);
}

}  // namespace
}  // namespace kvsim::planner
