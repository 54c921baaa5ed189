// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/calibration_tables.h"

#include <fmt/format.h>

#include <sstream>

#include "base/json_writer.h"
#include "base/text.h"
#include "sim/report/page.h"
#include "sim/report/page_assets.h"
#include "validation/tables.h"

namespace kvsim::validation {
namespace {

Rows parameter_rows(const Calibration& calibration) {
  Rows rows{{"parameter", "start", "fitted", "90 % from", "to", "pinned by the data"}};
  for (const FittedParameter& one : calibration.parameters)
    rows.push_back({one.asked.name, number(one.asked.start), number(one.value), number(one.low),
                    number(one.high), identifiability(one)});
  return rows;
}

Rows error_rows(const Calibration& calibration) {
  Rows rows{{"metric", "held out", "figures", "median error", "median size of error"}};
  for (const models::FitError& error : calibration.profile.errors)
    rows.push_back({error.metric, error.held_out.empty() ? "-" : error.held_out,
                    std::to_string(error.figures), percent(error.median_error),
                    percent(error.median_absolute_error).substr(1)});
  return rows;
}

void write_compared(JsonWriter& json, const Calibration& calibration, const CompareFit& one) {
  const FittedFigure& figure = one.figure;
  json.begin_object()
      .member("case", calibration.cases[figure.of_case])
      .member("metric", figure.measured.metric);
  if (figure.measured.stage) json.member("stage", static_cast<std::uint64_t>(*figure.measured.stage));
  json.member("rate", figure.rate)
      .member("measured", figure.measured.value)
      .member("simulated", one.simulated);
  json.member("noise", figure.noise).end_object();
}

void write_parameters(JsonWriter& json, const Calibration& calibration) {
  json.key("parameters").begin_array();
  for (const FittedParameter& one : calibration.parameters) {
    json.begin_object().member("name", one.asked.name).member("start", one.asked.start);
    json.member("value", one.value).member("low", one.low).member("high", one.high);
    json.member("open_share", one.open_share).member("pinned", identifiability(one)).end_object();
  }
  json.end_array();
}

void write_errors(JsonWriter& json, const Calibration& calibration) {
  json.key("errors").begin_array();
  for (const models::FitError& error : calibration.profile.errors) {
    json.begin_object().member("metric", error.metric).member("held_out", error.held_out);
    json.member("figures", error.figures).member("median_error", error.median_error);
    json.member("median_absolute_error", error.median_absolute_error).end_object();
  }
  json.end_array();
}

void write_json(std::ostream& out, const Calibration& calibration) {
  JsonWriter json(out);
  json.begin_object().member("profile", calibration.profile.name);
  json.member("accelerator", calibration.subject.accelerator).member("model", calibration.subject.model);
  json.member("rounds", calibration.rounds).member("converged", calibration.converged);
  write_parameters(json, calibration);
  write_errors(json, calibration);
  json.key("figures").begin_array();
  for (const CompareFit& one : calibration.figures) write_compared(json, calibration, one);
  json.end_array().key("held_out").begin_array();
  for (const HeldOut& held : calibration.held_out) {
    json.begin_object()
        .member("by", hold_out_names()[static_cast<std::size_t>(held.by)])
        .key("predicted")
        .begin_array();
    for (const CompareFit& one : held.predicted) write_compared(json, calibration, one);
    json.end_array().end_object();
  }
  json.end_array().end_object();
}

}  // namespace

std::string identifiability(const FittedParameter& parameter) {
  if (parameter.open_share < 0.5) return "pinned down";
  return parameter.open_share < 0.9 ? "partly" : "not by this data";
}

std::string calibration_table(const Calibration& calibration) {
  return fmt::format("{}: {} on {}, {} rounds, {}\n\n{}\n{}", calibration.profile.name,
                     calibration.subject.model, calibration.subject.accelerator, calibration.rounds,
                     calibration.converged ? "converged" : "stopped at the limit of rounds",
                     format_table(parameter_rows(calibration)), format_table(error_rows(calibration)));
}

std::string calibration_json(const Calibration& calibration) {
  std::ostringstream out;
  write_json(out, calibration);
  return out.str();
}

void write_calibration_page(std::ostream& out, const Calibration& calibration) {
  sim::write_page(out, "kvsim calibration: " + calibration.profile.name, calibration_json(calibration),
                  sim::kCalibrationScript);
}

}  // namespace kvsim::validation
