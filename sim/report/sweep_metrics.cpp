// SPDX-License-Identifier: Apache-2.0
#include "sim/report/sweep_metrics.h"

#include <algorithm>
#include <sstream>

#include "base/document.h"
#include "base/text.h"
#include "sim/report/results_folder.h"

namespace kvsim::sim {
namespace {

// A summary with one of each thing that it can list.
Summary one_of_each() {
  Summary summary;
  summary.slo.resize(1);
  summary.models.resize(1);
  summary.classes.resize(1);
  summary.tenants.resize(1);
  summary.pools.resize(1);
  Availability& availability = summary.availability.emplace();
  availability.pools.resize(1);
  availability.sites.resize(1);
  Sizing& sizing = summary.sizing.emplace();
  sizing.host.resize(1);
  sizing.storage.resize(1);
  sizing.storage[0].needed.resize(1);
  sizing.link_kinds.resize(1);
  sizing.links.resize(1);
  sizing.oldest.resize(1);
  return summary;
}

void add_names(const Node& node, const std::string& path, std::vector<std::string>& names) {
  const auto below = [&](const std::string& key) { return path + (path.empty() ? "" : ".") + key; };
  for (const auto& [key, value] : node.members) add_names(value, below(key), names);
  for (const Node& item : node.items) add_names(item, below("0"), names);
  const bool is_number = node.is_scalar() && !node.quoted && parse_double(node.scalar);
  if (node.is_null() || is_number) names.push_back(path);
}

bool is_no_metric(const std::string& name) {
  const auto parts = {"performance.", "kvsim.", "scenario.", "verdict.percentile_ci."};  // pairs, once known
  return std::any_of(parts.begin(), parts.end(), [&](const char* part) { return name.starts_with(part); });
}

}  // namespace

std::vector<std::string> metric_names() {
  std::ostringstream text;
  write_summary_json(text, one_of_each());
  std::vector<std::string> names;
  add_names(*parse_json(text.str(), "summary.json").root, "", names);
  std::erase_if(names, is_no_metric);
  return names;
}

std::string any_place(const std::string& metric) {
  std::vector<std::string> keys;
  for (const std::string_view key : split(metric, '.')) {
    const auto place = parse_integer(key);
    keys.emplace_back(place && *place >= 0 ? "0" : key);
  }
  return join(keys, ".");
}

}  // namespace kvsim::sim
