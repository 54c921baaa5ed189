// SPDX-License-Identifier: Apache-2.0
#include "validation/figure.h"

#include <fmt/format.h>

#include <algorithm>

#include "hardware-catalog/figures.h"

namespace kvsim::validation {

std::string label_of(const MeasuredFigure& figure) {
  return figure.statistic.empty() ? figure.metric : figure.metric + " " + figure.statistic;
}

SourceOf read_source(Fields& fields, const std::optional<SourceOf>& above) {
  Fields source = fields.map("source");
  if (!source.present() && above) return *above;
  SourceOf result{source.text("title"), source.text("date")};
  if (source.has("date") && !is_date(result.date))
    source.problem("date", "found '" + result.date + "'", "give YYYY, YYYY-MM or YYYY-MM-DD");
  source.finish();
  return result;
}

const Metric& read_metric(Fields& entry) { return *find_metric(entry.choice("metric", metric_names())); }

std::string read_statistic(Fields& entry, const Metric& metric) {
  if (metric.has_statistics) return entry.choice("statistic", statistics(), "mean");
  if (entry.maybe_text("statistic")) {
    entry.problem("statistic", fmt::format("{} is one value", metric.name), "leave the key out");
  }
  return "";
}

double read_unit(Fields& entry, Quantity quantity) {
  const std::vector<Unit>& units = units_of(quantity);
  std::vector<std::string> names;
  for (const Unit& unit : units) names.push_back(unit.name);
  const std::string name = entry.choice("unit", names, names.front());
  return std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; })
      ->factor;
}

double read_gaps_per_token(Fields& entry, const Metric& metric) {
  if (metric.name != "itl_seconds" && entry.has("gaps_per_token"))
    entry.problem("gaps_per_token", fmt::format("{} counts no gaps", metric.name), "leave the key out");
  return entry.number("gaps_per_token", {1, 100}, 1);
}

std::optional<std::uint32_t> read_stage(Fields& entry) {
  const auto stage = entry.maybe_integer("stage", {0, 100'000});
  return stage ? std::optional(static_cast<std::uint32_t>(*stage)) : std::nullopt;
}

MeasuredFigure read_figure(Fields& entry, const SourceOf& of_case) {
  MeasuredFigure figure;
  const Metric& metric = read_metric(entry);
  figure.metric = metric.name;
  figure.statistic = read_statistic(entry, metric);
  figure.value = entry.number("value", {0, kLargestValue}) * read_unit(entry, metric.quantity);
  if (metric.quantity == Quantity::kShare && figure.value > 1) {
    entry.problem("value", "a share over 1", "give a share from 0 to 1, or `unit: \"%\"`");
  }
  figure.stage = read_stage(entry);
  figure.gaps_per_token = read_gaps_per_token(entry, metric);
  figure.noise = entry.number("noise", {0, 10}, 0.0);
  figure.tolerance = entry.maybe_number("tolerance", {0, 10});
  figure.source = read_source(entry, of_case);
  entry.finish();
  return figure;
}

}  // namespace kvsim::validation
