// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/calibration_tables.h"

#include <fmt/format.h>

#include <sstream>

#include "base/json_writer.h"
#include "base/text.h"
#include "sim/report/page.h"
#include "sim/report/page_assets.h"
#include "sim/report/validity_json.h"
#include "validation/tables.h"

namespace kvsim::validation {
namespace {

Rows parameter_rows(const Calibration& calibration) {
  Rows rows{{"parameter", "start", "fitted", "90 % from", "to", "pinned by the data"}};
  for (const FittedParameter& one : calibration.parameters)
    rows.push_back({one.name, number(one.start), number(one.value), number(one.low), number(one.high),
                    std::string(models::name(one.how))});
  return rows;
}

Rows error_rows(const Calibration& calibration) {
  Rows rows{fit_error_header()};
  for (const models::FitError& error : calibration.profile.errors) rows.push_back(fit_error_cells(error));
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
  json.member("noise", figure.noise).member("saturated", figure.saturated).end_object();
}

void write_parameters(JsonWriter& json, const Calibration& calibration) {
  json.key("parameters").begin_array();
  for (const FittedParameter& one : calibration.parameters) {
    json.begin_object().member("name", one.name).member("start", one.start);
    json.member("value", one.value).member("low", one.low).member("high", one.high);
    json.member("open_share", one.open_share).member("pinned", models::name(one.how)).end_object();
  }
  json.end_array();
}

void write_errors(JsonWriter& json, const Calibration& calibration) {
  json.key("errors").begin_array();
  for (const models::FitError& error : calibration.profile.errors) sim::add_fit_error(json, error);
  json.end_array();
}

void write_steps(JsonWriter& json, const Calibration& calibration) {
  json.key("steps").begin_array();
  for (const CompareStep& one : calibration.steps) {
    json.begin_object().member("phase", one.phase).member("step_tokens", one.step_tokens);
    json.member("context_tokens", one.context_tokens).member("measured_seconds", one.measured_seconds);
    json.member("fitted_seconds", one.fitted_seconds).member("held_out_seconds", one.held_out_seconds);
    json.member("noise", one.noise).end_object();
  }
  json.end_array();
}

void write_held_out(JsonWriter& json, const Calibration& calibration) {
  json.key("held_out").begin_array();
  for (const HeldOut& held : calibration.held_out) {
    json.begin_object().member("by", name(held.by)).key("predicted").begin_array();
    for (const CompareFit& one : held.predicted) write_compared(json, calibration, one);
    json.end_array().end_object();
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
  json.end_array();
  write_held_out(json, calibration);
  write_steps(json, calibration);
  json.end_object();
}

}  // namespace

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
  sim::write_page(out, "calibration of " + calibration.profile.name, calibration_json(calibration),
                  sim::kCalibrationScript);
}

}  // namespace kvsim::validation
