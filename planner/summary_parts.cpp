// SPDX-License-Identifier: Apache-2.0
#include "planner/summary_parts.h"

#include <limits>

#include "sim/report/sweep_runs.h"

namespace kvsim::planner {

const Node* entry_named(const Node& summary, const char* list, const char* key, const std::string& name) {
  const Node* entries = summary.find(list);
  if (entries == nullptr) return nullptr;
  for (const Node& entry : entries->items) {
    const Node* found = entry.find(key);
    if (found != nullptr && found->scalar == name) return &entry;
  }
  return nullptr;
}

double number(const Node& node, const std::string& path) {
  return sim::metric_of(node, path).value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace kvsim::planner
