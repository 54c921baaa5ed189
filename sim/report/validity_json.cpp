// SPDX-License-Identifier: Apache-2.0
#include "sim/report/validity_json.h"

namespace kvsim::sim {
namespace {

void add_quantity(JsonWriter& json, const QuantityUse& use) {
  json.begin_object().member("quantity", models::name(use.fitted.quantity));
  json.key("fitted").begin_array().value(use.fitted.range.low).value(use.fitted.range.high).end_array();
  json.key("seen").begin_array().value(use.least).value(use.most).end_array();
  json.member("outside_steps", use.outside_steps).member("outside_steps_share", use.outside_steps_share);
  json.member("outside_busy_share", use.outside_busy_share).end_object();
}

void add_band(JsonWriter& json, const Band& band) {
  json.key(band.metric).begin_object().member("value", band.value).member("low", band.low);
  json.member("median", band.median).member("high", band.high).member("draws", band.draws).end_object();
}

}  // namespace

void add_fit_error(JsonWriter& json, const models::FitError& error) {
  json.begin_object().member("metric", error.metric).member("held_out", error.held_out);
  json.member("figures", error.figures).member("median_error", error.median_error);
  json.member("median_absolute_error", error.median_absolute_error).end_object();
}

void add_step_time(JsonWriter& json, const PoolSummary& pool) {
  const models::StepTimeFacts& facts = pool.info.step_time;
  json.key("step_time").begin_object().member("kind", models::name(facts.kind));
  json.member("source", facts.source).member("date", facts.date).key("priors").begin_array();
  for (const std::string& prior : facts.priors) json.value(prior);
  json.end_array().key("errors").begin_array();
  for (const models::FitError& error : facts.errors) add_fit_error(json, error);
  json.end_array().key("quantities").begin_array();
  for (const QuantityUse& use : pool.fitted) add_quantity(json, use);
  json.end_array().end_object();
}

void add_uncertainty(JsonWriter& json, const Uncertainty& uncertainty) {
  json.key("uncertainty").begin_object();
  json.member("draws", uncertainty.draws).member("failed_draws", uncertainty.failed);
  json.member("interval", band_interval(uncertainty.draws)).key("metrics").begin_object();
  for (const Band& band : uncertainty.bands) add_band(json, band);
  json.end_object().end_object();
}

}  // namespace kvsim::sim
