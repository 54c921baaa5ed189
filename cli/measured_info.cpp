// SPDX-License-Identifier: Apache-2.0
#include "cli/measured_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace kvsim::cli {
namespace {

using validation::MeasuredFigure;
using validation::MeasuredSeries;
using validation::MeasuredStage;
using validation::Measurements;

std::string cell(std::optional<double> value) { return value ? fmt::format("{:.5g}", *value) : ""; }

std::optional<double> figure(const Measurements& run, std::optional<std::uint32_t> stage,
                             std::string_view metric, std::string_view statistic) {
  for (const MeasuredFigure& one : run.figures)
    if (one.stage == stage && one.metric == metric && one.statistic == statistic) return one.value;
  return {};
}

std::string stage_table(const Measurements& run) {
  std::vector<std::vector<std::string>> rows{{"stage", "rate 1/s", "in flight", "seconds", "sent",
                                              "completed", "failed", "prompt", "output", "output tokens/s",
                                              "TTFT mean", "TPOT mean", "E2E mean"}};
  for (const MeasuredStage& stage : run.stages) {
    const auto of = [&](std::string_view metric, std::string_view statistic) {
      const auto value = figure(run, stage.index, metric, statistic);
      return cell(value || run.stages.size() > 1 ? value : figure(run, {}, metric, statistic));
    };
    rows.push_back({fmt::format("{}{}", stage.index, stage.warm_up ? " warm-up" : ""),
                    cell(stage.requested_rate), cell(stage.concurrency), cell(stage.duration_seconds),
                    cell(stage.requests), cell(stage.successes), cell(stage.failures),
                    cell(stage.prompt_tokens_mean), cell(stage.output_tokens_mean),
                    of("output_tokens_per_second", ""), of("ttft_seconds", "mean"),
                    of("tpot_seconds", "mean"), of("e2e_seconds", "mean")});
  }
  return format_table(rows);
}

// Figures of the whole run: one row a metric.
std::string figure_table(const Measurements& run) {
  std::vector<std::vector<std::string>> rows{{"whole run", "value"}};
  const std::vector<std::string>& columns = validation::statistics();
  rows[0].insert(rows[0].end(), columns.begin(), columns.end());
  for (const validation::Metric& metric : validation::metrics()) {
    std::vector<std::string> row{std::string(metric.name), cell(figure(run, {}, metric.name, ""))};
    for (const std::string& statistic : columns) row.push_back(cell(figure(run, {}, metric.name, statistic)));
    if (std::any_of(row.begin() + 1, row.end(), [](const std::string& text) { return !text.empty(); }))
      rows.push_back(std::move(row));
  }
  return rows.size() > 1 ? format_table(rows) : "";
}

std::string series_text(const MeasuredSeries& series) {  // not empty
  const std::vector<double>& values = series.values;
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return fmt::format("series {}: {} samples, {:g} s apart, mean {:.5g}, most {:.5g}\n", series.metric,
                     values.size(), series.every_seconds, sum / static_cast<double>(values.size()),
                     *std::max_element(values.begin(), values.end()));
}

std::string run_text(const Measurements& run) {
  std::string text = fmt::format("{}: {}, {} file{}{}, {} figures\n", run.name, run.format, run.files.size(),
                                 run.files.size() == 1 ? "" : "s", run.date.empty() ? "" : ", " + run.date,
                                 run.figures.size());
  if (!run.stages.empty()) text += stage_table(run);
  text += figure_table(run);
  for (const MeasuredSeries& series : run.series)
    if (!series.values.empty()) text += series_text(series);
  if (run.engine.kv_blocks) text += fmt::format("KV blocks of a replica: {}\n", *run.engine.kv_blocks);
  if (run.engine.block_tokens) text += fmt::format("tokens of a block: {}\n", *run.engine.block_tokens);
  for (const std::string& note : run.notes) text += "note: " + note + "\n";
  return text;
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write_stage(JsonWriter& json, const MeasuredStage& stage) {
  json.begin_object().member("stage", stage.index).member("warm_up", stage.warm_up);
  json.member("requested_rate", stage.requested_rate).member("concurrency", stage.concurrency);
  json.member("duration_seconds", stage.duration_seconds).member("requests", stage.requests);
  json.member("successes", stage.successes).member("failures", stage.failures);
  json.member("prompt_tokens_mean", stage.prompt_tokens_mean);
  json.member("output_tokens_mean", stage.output_tokens_mean).end_object();
}

void write_figure(JsonWriter& json, const MeasuredFigure& figure) {
  json.begin_object().member("metric", figure.metric);
  if (!figure.statistic.empty()) json.member("statistic", figure.statistic);
  if (figure.stage) json.member("stage", *figure.stage);
  json.member("value", figure.value).end_object();
}

void write_series(JsonWriter& json, const MeasuredSeries& series) {
  json.begin_object().member("metric", series.metric).member("every_seconds", series.every_seconds);
  json.key("values").begin_array();
  for (const double value : series.values) json.value(value);
  json.end_array().end_object();
}

void write_run(JsonWriter& json, const Measurements& run) {
  json.begin_object().member("name", run.name).member("format", run.format).member("date", run.date);
  write_texts(json, "files", run.files);
  json.key("stages").begin_array();
  for (const MeasuredStage& stage : run.stages) write_stage(json, stage);
  json.end_array().key("figures").begin_array();
  for (const MeasuredFigure& figure : run.figures) write_figure(json, figure);
  json.end_array().key("series").begin_array();
  for (const MeasuredSeries& series : run.series) write_series(json, series);
  json.end_array().key("engine").begin_object().member("kv_blocks", run.engine.kv_blocks);
  json.member("block_tokens", run.engine.block_tokens).end_object();
  write_texts(json, "notes", run.notes);
  json.end_object();
}

}  // namespace

std::string measured_info_text(const std::vector<Measurements>& runs) {
  std::vector<std::string> parts;
  for (const Measurements& run : runs) parts.push_back(run_text(run));
  return join(parts, "\n");
}

void write_measured_info(JsonWriter& json, const std::vector<Measurements>& runs) {
  json.begin_array();
  for (const Measurements& run : runs) write_run(json, run);
  json.end_array();
}

}  // namespace kvsim::cli
