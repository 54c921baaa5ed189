// SPDX-License-Identifier: Apache-2.0
// Which figures of a summary a comparison looks at, and which way is good.
#pragma once

#include <string>
#include <vector>

namespace kvsim::sim {

enum class Good { kMore, kLess, kNeither };

struct ComparedMetric {
  std::string path;  // dotted, in the summary or in an item of its lists
  Good good = Good::kNeither;
};

// The whole run, or a list of the summary with one item for each thing of a kind.
struct ComparedKind {
  const char* name;  // "pool"; empty: the whole run
  const char* list;  // its key in the summary
  const char* key;   // of an item's name
  std::vector<ComparedMetric> metrics;
};

// The run, its SLO classes (kind "slo"), and what `by` asks for: "pool", "model", "tenant", "class".
std::vector<ComparedKind> compared_kinds(const std::vector<std::string>& by);

}  // namespace kvsim::sim
