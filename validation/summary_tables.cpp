// SPDX-License-Identifier: Apache-2.0
#include "validation/summary_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/metrics/quantiles.h"

namespace kvsim::validation {
namespace {

std::vector<std::string> slo_cells(const ComparedSloRate& rate) {
  return {rate.slo.name, rate_text(rate.measured), rate_text(rate.simulated), error_text(rate.error)};
}

std::string nearer(const BaselineSummary& row) { return row.beaten() ? "kvsim" : row.baseline; }

template <class Value>
std::string median_ratio(const std::vector<RatioAt>& at, Value value) {
  std::vector<double> values;
  for (const RatioAt& one : at)
    if (const std::optional<double> ratio = value(one)) values.push_back(*ratio);
  return values.empty() ? "-" : fmt::format("{:.2f}", sim::median(values));
}

}  // namespace

std::string rate_text(const std::optional<Bounded>& rate) {
  if (!rate || rate->bound == Bound::kExact) return number(rate ? std::optional(rate->value) : std::nullopt);
  return (rate->bound == Bound::kAtLeast ? "at least " : "below ") + number(rate->value);
}

std::string error_text(const std::optional<Bounded>& error) {
  if (!error || error->bound == Bound::kExact)
    return percent(error ? std::optional(error->value) : std::nullopt);
  return (error->bound == Bound::kAtLeast ? "at least " : "under ") + percent(error->value);
}

Rows stage_rows(const ComparedPoint& point) {
  Rows rows{{"stage", "rate", "seconds", "output tokens/s offered", "saturated, measured", "simulated"}};
  for (const ComparedStage& stage : point.stages)
    if (stage.saturated)
      rows.push_back({std::to_string(*stage.load.stage), number(stage.load.rate),
                      number(stage.load.duration_seconds), number(stage.load.rate * stage.load.output_tokens),
                      yes_or_no(stage.saturated), yes_or_no(stage.saturated_simulated)});
  return rows;
}

Rows slo_rows(const std::vector<ComparedSloRate>& rates) {
  Rows rows{{"maximum requests/s with", "measured", "simulated", "error"}};
  for (const ComparedSloRate& rate : rates) rows.push_back(slo_cells(rate));
  return rows;
}

Rows slo_rows(const std::vector<CaseResult>& results) {
  Rows rows{{"case", "maximum requests/s with", "measured", "simulated", "error"}};
  for (const CaseResult& result : results) {
    for (const ComparedPoint& point : result.points) {
      for (const ComparedSloRate& rate : point.slo_rates) {
        rows.push_back(slo_cells(rate));
        rows.back().insert(rows.back().begin(),
                           point.name.empty() ? result.name : result.name + ": " + point.name);
      }
    }
  }
  return rows;
}

Rows pair_rows(const ComparedPair& pair) {
  Rows rows{{"rate", "ratio, measured", "simulated", "error"}};
  for (const RatioAt& at : pair.at)
    rows.push_back({number(at.rate), number(at.measured), number(at.simulated), percent(at.error())});
  return rows;
}

Rows metric_rows(const Summary& summary) {
  Rows rows{{"vendor", "metric", "stages", "figures", "median error", "median size of error", "noise",
             "within noise", "spread over seeds"}};
  for (const MetricSummary& row : summary.metrics)
    rows.push_back({row.vendor, row.metric, row.unsaturated ? "not saturated" : "all",
                    std::to_string(row.figures), percent(row.median_error), size_percent(row.median_size),
                    size_percent(row.median_noise),
                    row.with_noise > 0 ? fmt::format("{} of {}", row.within_noise, row.with_noise) : "-",
                    size_percent(row.median_spread)});
  return rows;
}

Rows baseline_rows(const Summary& summary) {
  Rows rows{{"metric", "baseline", "figures", "kvsim", "the baseline", "nearer"}};
  for (const BaselineSummary& row : summary.baselines)
    rows.push_back({row.metric, row.baseline, std::to_string(row.figures), size_percent(row.kvsim),
                    size_percent(row.baseline_size), nearer(row)});
  return rows;
}

Rows slo_summary_rows(const Summary& summary) {
  Rows rows{{"bound", "rates", "exact", "mean error", "median error", "at least", "under", "median of all",
             "undecided"}};
  for (const SloSummary& row : summary.slo_rates)
    rows.push_back({row.name, std::to_string(row.rates), std::to_string(row.exact), percent(row.mean_error),
                    percent(row.median_error), std::to_string(row.at_least), std::to_string(row.under),
                    error_text(row.median_of_all), std::to_string(row.undecided)});
  return rows;
}

std::vector<std::string> baseline_sentences(const Summary& summary) {
  std::vector<std::string> sentences;
  std::size_t beaten = 0;
  for (const BaselineSummary& row : summary.baselines) {
    beaten += row.beaten();
    if (!row.beaten())
      sentences.push_back(fmt::format(
          "kvsim does not beat {} on {}: a median error of {} against {} over {} figures.", row.baseline,
          row.metric, size_percent(row.kvsim), size_percent(row.baseline_size), row.figures));
  }
  if (!summary.baselines.empty())
    sentences.push_back(fmt::format("kvsim is nearer in {} of {} comparisons of a metric with a baseline.",
                                    beaten, summary.baselines.size()));
  return sentences;
}

std::string pair_sentence(const ComparedPair& pair) {
  const auto alike = std::count_if(pair.at.begin(), pair.at.end(),
                                   [](const RatioAt& at) { return at.alike().value_or(false); });
  return fmt::format(
      "{}, {} over {}: median ratio {} as measured, {} as simulated; on the same side of 1 at {} of {} "
      "rates.",
      pair.metric, pair.name, pair.over,
      median_ratio(pair.at, [](const RatioAt& at) { return std::optional(at.measured); }),
      median_ratio(pair.at, [](const RatioAt& at) { return at.simulated; }), alike, pair.at.size());
}

}  // namespace kvsim::validation
