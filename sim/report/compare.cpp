// SPDX-License-Identifier: Apache-2.0
#include "sim/report/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/report/compare_notes.h"
#include "sim/report/sweep_runs.h"

namespace kvsim::sim {
namespace {

// The item of that name, or the summary itself for the whole run; nullptr where it is absent.
const Node* find_thing(const Node& summary, const ComparedKind& kind, const std::string& name) {
  return *kind.name == '\0' ? &summary : item_named(summary, kind.list, kind.key, name);
}

double mean_or_unknown(const std::vector<double>& values) {
  return values.empty() ? kNotANumber : sample_mean(values);
}

// One side's values are kept where the other never knows the figure.
PairedDifference difference_of(const SeedPairs& pairs, const ComparedKind& kind, const std::string& name,
                               const std::string& path) {
  const auto value = [&](const ComparedRun* run) {
    const Node* thing = find_thing(*run->summary, kind, name);
    return thing != nullptr ? metric_of(*thing, path) : std::nullopt;
  };
  std::vector<double> a, b, only_a, only_b;
  for (const auto& [left, right] : pairs) {
    const std::optional<double> at_a = value(left), at_b = value(right);
    if (at_a) (at_b ? a : only_a).push_back(*at_a);
    if (at_b) (at_a ? b : only_b).push_back(*at_b);
  }
  PairedDifference result = paired_difference(a, b);
  if (result.pairs == 0) {
    result.a = mean_or_unknown(only_a);
    result.b = mean_or_unknown(only_b);
  }
  return result;
}

bool is_equal(const PairedDifference& paired) {
  return paired.difference == 0 && (!paired.interval || paired.interval->low == paired.interval->high);
}

// All but significance, which needs all figures.
Finding first_finding(const PairedDifference& paired) {
  if (paired.pairs == 0) return Finding::kUnknown;
  if (is_equal(paired)) return Finding::kEqual;
  return paired.pairs == 1 ? Finding::kUntested : Finding::kNotSignificant;
}

Finding significant(const ComparedFigure& figure) {
  if (figure.metric.good == Good::kNeither) return Finding::kDifferent;
  return (figure.paired.difference > 0) == (figure.metric.good == Good::kMore) ? Finding::kBetter
                                                                               : Finding::kWorse;
}

void add_figures(Comparison& result, const SeedPairs& pairs, const ComparedKind& kind,
                 const std::string& name) {
  for (const ComparedMetric& metric : kind.metrics) {
    ComparedFigure figure{kind.name, name, metric, difference_of(pairs, kind, name, metric.path), {}, {}};
    if (std::isnan(figure.paired.a) && std::isnan(figure.paired.b)) continue;
    figure.finding = first_finding(figure.paired);
    result.figures.push_back(std::move(figure));
  }
}

void judge(Comparison& result) {
  std::vector<ComparedFigure*> tested;
  std::vector<double> chances;
  for (ComparedFigure& figure : result.figures) {
    if (figure.finding != Finding::kNotSignificant) continue;
    tested.push_back(&figure);
    chances.push_back(*figure.paired.chance);
  }
  const std::vector<double> adjusted = holm_adjusted(chances);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    tested[i]->adjusted = adjusted[i];
    if (adjusted[i] < 1 - kPairedLevel) tested[i]->finding = significant(*tested[i]);
  }
  result.tested = tested.size();
}

CompareSideFacts facts(const ComparedSide& side) {
  const Node& first = *side.runs.front().summary;
  return {side.name, text_of(first, "scenario.fleet"), text_of(first, "scenario.trace"), side.runs.size()};
}

SeedPairs pair_up(const ComparedSide& a, const ComparedSide& b) {
  SeedPairs pairs;
  for (const ComparedRun& left : a.runs)
    for (const ComparedRun& right : b.runs)
      if (left.seed == right.seed) pairs.emplace_back(&left, &right);
  if (pairs.empty())
    throw InputError({{{b.name},
                       "",
                       fmt::format("has no seed that {} has: {}, and {} there", a.name,
                                   seeds_text(seeds_of(b)), seeds_text(seeds_of(a))),
                       "runs are paired by seed: simulate both sides with the same --seed"}});
  return pairs;
}

}  // namespace

Comparison compare(const ComparedSide& a, const ComparedSide& b, const std::vector<std::string>& by) {
  const SeedPairs pairs = pair_up(a, b);
  Comparison result;
  result.a = facts(a);
  result.b = facts(b);
  for (const auto& pair : pairs) result.seeds.push_back(pair.first->seed);
  result.notes = notes_on_runs(a, b, pairs);
  for (const ComparedKind& kind : compared_kinds(by)) {
    const SharedNames names = shared_names(pairs, kind);
    for (const std::string& name : names.both) add_figures(result, pairs, kind, name);
    result.notes.insert(result.notes.end(), names.notes.begin(), names.notes.end());
  }
  if (has_other_currency(pairs))
    std::erase_if(result.figures,
                  [](const ComparedFigure& one) { return one.metric.path.starts_with("cost."); });
  judge(result);
  return result;
}

bool differs(const ComparedFigure& figure) {
  return figure.finding == Finding::kBetter || figure.finding == Finding::kWorse ||
         figure.finding == Finding::kDifferent || figure.finding == Finding::kUntested;
}

std::optional<double> relative(const ComparedFigure& figure, double difference) {
  const double base = std::abs(figure.paired.a);
  if (!(base > 0) || !std::isfinite(difference)) return {};
  return difference / base;
}

const char* to_string(Finding finding) {
  switch (finding) {
    case Finding::kBetter:
      return "better";
    case Finding::kWorse:
      return "worse";
    case Finding::kDifferent:
      return "different";
    case Finding::kNotSignificant:
      return "not_significant";
    case Finding::kEqual:
      return "equal";
    case Finding::kUntested:
      return "untested";
    case Finding::kUnknown:
      break;
  }
  return "unknown";
}

}  // namespace kvsim::sim
