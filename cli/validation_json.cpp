// SPDX-License-Identifier: Apache-2.0
#include "cli/validation_json.h"

#include "base/json_writer.h"
#include "validation/baselines/baseline.h"
#include "validation/pairs.h"
#include "validation/summary.h"

namespace kvsim::cli {
namespace {

const char* word(validation::Judgement judgement) {
  if (judgement == validation::Judgement::kShown) return "shown";
  return judgement == validation::Judgement::kWithin ? "within" : "outside";
}

void write_spread(JsonWriter& json, const std::optional<validation::Spread>& spread) {
  if (!spread) return;
  json.key("over_seeds").begin_object();
  json.member("least", spread->least).member("most", spread->most).end_object();
}

void write_baselines(JsonWriter& json, const validation::ComparedFigure& figure) {
  json.key("baselines").begin_object();
  for (std::size_t i = 0; i < figure.by_baseline.size(); ++i) {
    json.key(validation::baselines()[i].name).begin_object();
    json.member("value", figure.by_baseline[i]);
    json.member("error", figure.error_of(figure.by_baseline[i])).end_object();
  }
  json.end_object();
}

void write_figure(JsonWriter& json, const std::string& point, const validation::ComparedFigure& figure) {
  json.begin_object();
  if (!point.empty()) json.key("point").value(point);
  json.key("metric").value(figure.measured.metric);
  json.key("statistic").value(figure.measured.statistic);
  if (figure.measured.stage) json.key("stage").value(static_cast<std::uint64_t>(*figure.measured.stage));
  if (figure.rate) json.member("rate", *figure.rate);
  json.member("saturated", figure.saturated);
  json.key("measured").value(figure.measured.value);
  json.key("noise").value(figure.measured.noise);
  json.member("simulated", figure.simulated);
  write_spread(json, figure.spread);
  json.member("error", figure.error()).member("within_noise", figure.within_noise());
  write_baselines(json, figure);
  json.key("verdict").value(word(figure.judgement()));
  json.end_object();
}

void write_curve(JsonWriter& json, const validation::ComparedCurve& curve) {
  json.begin_object().key("name").value(curve.measured.name);
  json.key("x").value(curve.measured.x).key("y").value(curve.measured.y).key("values").begin_array();
  for (std::size_t i = 0; i < curve.simulated.size(); ++i) {
    json.begin_object();
    json.key("x").value(curve.measured.values[i].x);
    json.key("measured").value(curve.measured.values[i].y);
    json.key("uncertainty").value(curve.measured.values[i].uncertainty);
    json.member("simulated", curve.simulated[i]);
    write_spread(json, curve.spread[i]);
    json.member("error", curve.error(i));
    json.key("verdict").value(word(curve.judgement(i)));
    json.end_object();
  }
  json.end_array().end_object();
}

void write_series(JsonWriter& json, const std::string& point, const validation::ComparedSeries& series) {
  json.begin_object();
  if (!point.empty()) json.member("point", point);
  json.member("metric", series.measured.metric).member("samples", series.simulated.size());
  json.member("mean_absolute_difference", series.mean_absolute_difference());
  json.member("relative_difference", series.relative_difference()).end_object();
}

void write_requests(JsonWriter& json, const std::string& point,
                    const validation::ComparedRequests& requests) {
  const std::vector<double> errors = requests.errors();
  const std::optional<validation::SizesOfErrors> sizes = validation::sizes_of(errors);
  const auto size = [&](double validation::SizesOfErrors::*of) {
    return sizes ? std::optional(*sizes.*of) : std::nullopt;
  };
  json.begin_object();
  if (!point.empty()) json.member("point", point);
  json.member("metric", requests.measured.metric).member("part", requests.measured.part);
  json.member("requests", requests.simulated.size()).member("completed", errors.size());
  json.member("median_error", size(&validation::SizesOfErrors::median_error));
  json.member("median_error_size", size(&validation::SizesOfErrors::median_size));
  json.member("p90_error_size", size(&validation::SizesOfErrors::p90_size)).end_object();
}

void write_stage(JsonWriter& json, const std::string& point, const validation::ComparedStage& stage) {
  json.begin_object();
  if (!point.empty()) json.member("point", point);
  json.member("stage", *stage.load.stage).member("rate", stage.load.rate);
  json.member("duration_seconds", stage.load.duration_seconds).member("requests", stage.load.requests);
  json.member("prompt_tokens", stage.load.prompt_tokens).member("output_tokens", stage.load.output_tokens);
  json.key("saturated").begin_object().member("measured", stage.saturated);
  json.member("simulated", stage.saturated_simulated).end_object().end_object();
}

void write_bounded(JsonWriter& json, std::string_view key, const std::optional<validation::Bounded>& value) {
  json.key(key);
  if (!value) {
    json.null();
    return;
  }
  const bool least = value->bound == validation::Bound::kAtLeast;
  const char* bound = value->bound == validation::Bound::kExact ? "exact" : least ? "at least" : "below";
  json.begin_object().member("value", value->value).member("bound", bound).end_object();
}

void write_slo_rate(JsonWriter& json, const std::string& point, const validation::ComparedSloRate& rate) {
  json.begin_object();
  if (!point.empty()) json.member("point", point);
  json.member("name", rate.slo.name).member("metric", rate.slo.metric);
  json.member("statistic", rate.slo.statistic).member("below", rate.slo.below);
  write_bounded(json, "measured", rate.measured);
  write_bounded(json, "simulated", rate.simulated);
  write_bounded(json, "error", rate.error);
  json.end_object();
}

// An array of what `list` holds of every point.
template <class List, class Write>
void write_of_points(JsonWriter& json, std::string_view key, const validation::CaseResult& result, List list,
                     Write write) {
  json.key(key).begin_array();
  for (const validation::ComparedPoint& point : result.points)
    for (const auto& item : point.*list) write(json, point.name, item);
  json.end_array();
}

void write_ranking(JsonWriter& json, const validation::ComparedRanking& ranking) {
  json.begin_object().member("name", ranking.ranking.name).member("x", ranking.x).key("at").begin_array();
  for (const validation::RankedAt& at : ranking.at) {
    json.begin_object().member("x", at.x).member("measured", at.measured).member("simulated", at.simulated);
    json.member("pairs", at.pairs).member("alike", at.alike).key("against_expected").begin_array();
    for (const std::string& pair : at.simulated_against) json.value(pair);
    json.end_array().member("verdict", word(at.judgement)).end_object();
  }
  json.end_array().end_object();
}

void write_case(JsonWriter& json, const validation::CaseResult& result) {
  json.begin_object().key("case").value(result.name);
  if (!result.not_run.empty()) json.member("not_run", result.not_run);
  json.member("seeds", result.seeds);
  using validation::ComparedPoint;
  write_of_points(json, "figures", result, &ComparedPoint::figures, write_figure);
  write_of_points(json, "series", result, &ComparedPoint::series, write_series);
  write_of_points(json, "requests", result, &ComparedPoint::requests, write_requests);
  write_of_points(json, "stages", result, &ComparedPoint::stages, write_stage);
  write_of_points(json, "slo_rates", result, &ComparedPoint::slo_rates, write_slo_rate);
  json.key("curves").begin_array();
  for (const validation::ComparedCurve& curve : result.curves) write_curve(json, curve);
  json.end_array().key("rankings").begin_array();
  for (const validation::ComparedRanking& ranking : result.rankings) write_ranking(json, ranking);
  json.end_array().end_object();
}

void write_pair(JsonWriter& json, const validation::ComparedPair& pair) {
  json.begin_object().member("case", pair.name).member("over", pair.over).member("metric", pair.metric);
  json.key("ratios").begin_array();
  for (const validation::RatioAt& at : pair.at) {
    json.begin_object().member("rate", at.rate).member("measured", at.measured);
    json.member("simulated", at.simulated).member("error", at.error()).end_object();
  }
  json.end_array().end_object();
}

void write_metric(JsonWriter& json, const validation::MetricSummary& row) {
  json.begin_object().member("vendor", row.vendor).member("metric", row.metric);
  json.member("stages", row.unsaturated ? "not saturated" : "all").member("figures", row.figures);
  json.member("median_error", row.median_error).member("median_error_size", row.median_size);
  json.member("median_noise", row.median_noise).member("with_noise", row.with_noise);
  json.member("within_noise", row.within_noise).member("median_spread", row.median_spread).end_object();
}

void write_baseline(JsonWriter& json, const validation::BaselineSummary& row) {
  json.begin_object().member("metric", row.metric).member("baseline", row.baseline);
  json.member("figures", row.figures)
      .member("kvsim", row.kvsim)
      .member("baseline_error_size", row.baseline_size);
  json.member("beaten", row.beaten()).end_object();
}

void write_slo_summary(JsonWriter& json, const validation::SloSummary& row) {
  json.begin_object().member("name", row.name).member("rates", row.rates).member("exact", row.exact);
  json.member("mean_error", row.mean_error).member("median_error", row.median_error);
  json.member("at_least", row.at_least).member("under", row.under);
  write_bounded(json, "median_of_all", row.median_of_all);
  json.member("undecided", row.undecided).end_object();
}

template <class Items, class Write>
void write_array(JsonWriter& json, std::string_view key, const Items& items, Write write) {
  json.key(key).begin_array();
  for (const auto& item : items) write(json, item);
  json.end_array();
}

}  // namespace

void write_validation_json(std::ostream& out, const std::vector<validation::CaseResult>& results) {
  const validation::Summary summary = validation::summarise(results);
  JsonWriter json(out);
  json.begin_object();
  write_array(json, "cases", results, write_case);
  write_array(json, "pairs", validation::compare_pairs(results), write_pair);
  json.key("summary").begin_object();
  write_array(json, "metrics", summary.metrics, write_metric);
  write_array(json, "baselines", summary.baselines, write_baseline);
  write_array(json, "slo_rates", summary.slo_rates, write_slo_summary);
  json.end_object().end_object();
}

}  // namespace kvsim::cli
