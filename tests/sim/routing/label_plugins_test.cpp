// SPDX-License-Identifier: Apache-2.0
// Plugins that go by labels and by single metrics of endpoints.
#include "sim/routing/label_plugins.h"

#include <gmock/gmock.h>

#include "sim/routing/context_length_scorer.h"
#include "sim/routing/endpoint_attribute_plugins.h"
#include "sim/routing/request_headers.h"
#include "tests/sim/routing/plugin_bench.h"

namespace kvsim::sim {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsEmpty;

struct Labelled : PluginBench {
  Labelled(const std::string& label, const std::vector<std::string>& values,
           std::vector<PluginSettings> plugins)
      : PluginBench(values.size(), std::move(plugins)) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!values[i].empty()) endpoints[i].labels[label] = values[i];
  }
};

TEST(RoleFilters, KeepTheirRoles) {
  Labelled bench("llm-d.ai/role",
                 {"prefill", "decode", "both", "", "encode", "encode-prefill", "prefill-decode"},
                 {plugin("decode-filter"), plugin("prefill-filter"), plugin("encode-filter")});
  EXPECT_THAT(bench.filtered("decode-filter"), ElementsAre(1, 2, 3, 6));
  EXPECT_THAT(bench.filtered("prefill-filter"), ElementsAre(0, 5));
  EXPECT_THAT(bench.filtered("encode-filter"), ElementsAre(4, 5));
}

TEST(ByLabel, KeepsListedValuesAndPerhapsNone) {
  const auto filter = [](double allows) {
    return plugin("by-label", {{"allowsNoLabel", allows}}, {{"label", "tier"}},
                  {{"validValues", {"gold", "silver"}}});
  };
  EXPECT_THAT(Labelled("tier", {"gold", "tin", "", "silver"}, {filter(0)}).filtered("by-label"),
              ElementsAre(0, 3));
  EXPECT_THAT(Labelled("tier", {"gold", "tin", "", "silver"}, {filter(1)}).filtered("by-label"),
              ElementsAre(0, 2, 3));
  EXPECT_THAT(Labelled("tier", {"tin", ""}, {filter(0)}).filtered("by-label"), IsEmpty());
}

PluginSettings selector(const std::string& relation) {
  return plugin("label-selector-filter", {{"matchExpressions.count", 1}},
                {{"matchExpressions.0.key", "tier"}, {"matchExpressions.0.operator", relation}},
                {{"matchLabels", {"zone=a"}}, {"matchExpressions.0.values", {"gold"}}});
}

TEST(LabelSelector, FollowsTheRulesOfKubernetes) {
  const auto kept = [](const std::string& relation) {
    Labelled bench("tier", {"gold", "tin", "", "gold"}, {selector(relation)});
    for (std::size_t i = 0; i < 3; ++i) bench.endpoints[i].labels["zone"] = "a";
    return bench.filtered("label-selector-filter");
  };
  EXPECT_THAT(kept("In"), ElementsAre(0));
  EXPECT_THAT(kept("NotIn"), ElementsAre(1, 2));
  EXPECT_THAT(kept("Exists"), ElementsAre(0, 1));
  EXPECT_THAT(kept("DoesNotExist"), ElementsAre(2));
}

TEST(HeaderLabelScorer, ScoresOneWhereTheLabelHasTheHeadersValue) {
  Labelled bench("tenant", {"acme", "", "zeta"},
                 {plugin("header-label-affinity-scorer", {},
                         {{"headerName", "X-Gateway-Inference-Fairness-ID"}, {"labelKey", "tenant"}})});
  bench.tenant = "zeta";
  EXPECT_THAT(bench.scores("header-label-affinity-scorer"), ElementsAre(0, 0, 1));
  bench.tenant = "nobody";
  EXPECT_THAT(bench.scores("header-label-affinity-scorer"), ElementsAre(0, 0, 0));
  bench.tenant = "";
  EXPECT_THAT(bench.scores("header-label-affinity-scorer"), ElementsAre(0, 0, 0));
}

TEST(RequestHeaders, StandForWhatAWorkloadKnows) {
  PluginBench bench(1);
  bench.request.session = 12;
  bench.tenant = "acme";
  bench.slo_class = "gold";
  EXPECT_EQ(header(bench.request, "X-Session-ID"), "12");
  EXPECT_EQ(header(bench.request, "x-gateway-inference-fairness-id"), "acme");
  EXPECT_EQ(header(bench.request, "x-gateway-inference-objective"), "gold");
  EXPECT_EQ(header(bench.request, "x-other"), "");
  bench.request.session = 0;
  EXPECT_EQ(header(bench.request, "x-session-id"), "");
}

PluginSettings context_length(double filters) {
  return plugin("context-length-aware", {{"enableFiltering", filters}}, {{"label", "range"}});
}

// n = 2000.
//   0-10000      width 10000: 0.3 + 0.7 (0.7 / 2 + 0.3 * 8000/10000) = 0.3 + 0.7 * 0.59 = 0.713
//   3000-8000    1000 off: 0.3 / 2
//   0-500        1500 off: 0.3 / 2.5
//   none, "big"  0.5
TEST(ContextLength, PrefersNarrowRangesWithRoom) {
  Labelled bench("range", {"0-10000", "3000-8000", "0-500", "", "big"}, {context_length(0)});
  bench.prompt_of(1, 2000);
  EXPECT_THAT(bench.scores("context-length-aware"),
              ElementsAre(DoubleEq(0.713), DoubleEq(0.15), DoubleEq(0.12), DoubleEq(0.5), DoubleEq(0.5)));
  EXPECT_EQ(bench.filtered("context-length-aware").size(), 5U);
}

TEST(ContextLength, FiltersByRangeWhereAsked) {
  Labelled bench("range", {"0-10000", "3000-8000", "2000-2000", ""}, {context_length(1)});
  bench.prompt_of(1, 2000);
  EXPECT_THAT(bench.filtered("context-length-aware"), ElementsAre(0, 2, 3));
}

PluginSettings attribute_scorer(const std::string& algorithm, const std::string& normalization) {
  return plugin("endpoint-attribute-scorer", {{"fixedRange.min", 0}, {"fixedRange.max", 8}},
                {{"attributeKey", "waiting"}, {"algorithm", algorithm}, {"normalization", normalization}});
}
std::vector<double> attribute_scores(const std::string& algorithm, const std::string& normalization) {
  PluginBench bench(3, {attribute_scorer(algorithm, normalization)});
  bench.waiting(0, 2);
  bench.waiting(1, 4);
  bench.waiting(2, 10);
  return bench.scores("endpoint-attribute-scorer");
}

// Adaptive: 2 to 10; fixed: 0 to 8, beyond which nothing changes.
TEST(EndpointAttributeScorer, IsLinearOverItsRange) {
  EXPECT_THAT(attribute_scores("lower-is-better", "adaptive"), ElementsAre(1, 0.75, 0));
  EXPECT_THAT(attribute_scores("higher-is-better", "adaptive"), ElementsAre(0, 0.25, 1));
  EXPECT_THAT(attribute_scores("lower-is-better", "fixed"), ElementsAre(0.75, 0.5, 0));
}

TEST(EndpointAttributeScorer, EqualValuesScoreOneAndNoCandidatesNone) {
  PluginBench bench(2, {attribute_scorer("lower-is-better", "adaptive")});
  EXPECT_THAT(bench.scores("endpoint-attribute-scorer"), ElementsAre(1, 1));
  bench.candidates.clear();
  EXPECT_THAT(bench.scores("endpoint-attribute-scorer"), IsEmpty());
}

PluginSettings attribute_filter(const std::string& relation, double falls_back) {
  return plugin("endpoint-attribute-filter", {{"threshold", 0.5}, {"fallbackOnEmpty", falls_back}},
                {{"attribute", "kv"}, {"operator", relation}});
}
EndpointIds attribute_filtered(const std::string& relation, double falls_back = 0, double last = 0.75) {
  PluginBench bench(3, {attribute_filter(relation, falls_back)});
  bench.kv_usage(0, 0.25);
  bench.kv_usage(1, 0.5);
  bench.kv_usage(2, last);
  return bench.filtered("endpoint-attribute-filter");
}

TEST(EndpointAttributeFilter, KnowsSixRelations) {
  EXPECT_THAT(attribute_filtered("lt"), ElementsAre(0));
  EXPECT_THAT(attribute_filtered("lte"), ElementsAre(0, 1));
  EXPECT_THAT(attribute_filtered("gt"), ElementsAre(2));
  EXPECT_THAT(attribute_filtered("gte"), ElementsAre(1, 2));
  EXPECT_THAT(attribute_filtered("eq"), ElementsAre(1));
  EXPECT_THAT(attribute_filtered("neq"), ElementsAre(0, 2));
}

TEST(EndpointAttributeFilter, FallsBackWhereAsked) {
  EXPECT_THAT(attribute_filtered("gt", 0, 0.5), IsEmpty());
  EXPECT_THAT(attribute_filtered("gt", 1, 0.5), ElementsAre(0, 1, 2));
}

// Drops more than 2 in flight or a usage above 0.5.
TEST(UtilizationFilter, DropsWhatExceedsAnyCap) {
  PluginBench bench(3, {plugin("utilization-filter",
                               {{"conditions.count", 2},
                                {"conditions.0.threshold", 2},
                                {"conditions.1.threshold", 0.5},
                                {"fallbackOnEmpty", 1}},
                               {{"conditions.0.metric", "active"}, {"conditions.1.metric", "kv"}})});
  for (int i = 0; i < 3; ++i) bench.send(0);
  for (int i = 0; i < 2; ++i) bench.send(1);
  bench.kv_usage(1, 0.5);
  bench.kv_usage(2, 0.6);
  EXPECT_THAT(bench.filtered("utilization-filter"), ElementsAre(1));
  bench.send(1);
  EXPECT_THAT(bench.filtered("utilization-filter"), ElementsAre(0, 1, 2));
}

}  // namespace
}  // namespace kvsim::sim
