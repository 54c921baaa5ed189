// SPDX-License-Identifier: Apache-2.0
// Does the dashboard of examples/grafana ask for metrics that a run writes?
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "base/document.h"
#include "sim/report/exports/engine_metrics.h"

namespace kvsim::sim {
namespace {

void add_written(const std::string& version, std::set<std::string>& names) {
  for (const EngineMetric& metric : engine_metrics({version, 4096, 100, 16, true})) {
    if (metric.type == MetricType::kGauge) names.insert(metric.family);
    if (metric.type == MetricType::kCounter) names.insert(metric.family + "_total");
    if (metric.type == MetricType::kHistogram)
      for (const char* ending : {"_bucket", "_sum", "_count"}) names.insert(metric.family + ending);
  }
}

std::set<std::string> asked_for(const std::string& query) {
  static const std::regex name("vllm:[a-z0-9_]+");
  return {std::sregex_token_iterator(query.begin(), query.end(), name), std::sregex_token_iterator()};
}

TEST(Dashboard, AsksForMetricsThatThereAre) {
  std::set<std::string> written;
  add_written("0.9.1", written);
  add_written("0.19.0", written);
  const Document dashboard = load_json(std::string(KVSIM_SOURCE_DIR) + "/examples/grafana/dashboard.json");
  std::set<std::string> ids;
  const Node& panels = *dashboard.root->find("panels");
  for (const Node& panel : panels.items) {
    ids.insert(panel.find("id")->scalar);
    for (const Node& target : panel.find("targets")->items) {
      const std::set<std::string> names = asked_for(target.find("expr")->scalar);
      EXPECT_FALSE(names.empty()) << target.find("expr")->scalar;
      for (const std::string& name : names) EXPECT_TRUE(written.contains(name)) << name;
    }
  }
  EXPECT_EQ(ids.size(), panels.items.size());
}

}  // namespace
}  // namespace kvsim::sim
