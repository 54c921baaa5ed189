// SPDX-License-Identifier: Apache-2.0
#include "cli/prior_check_json.h"

#include "base/json_writer.h"

namespace kvsim::cli {
namespace {

void write_group(JsonWriter& json, const validation::PointGroup& group) {
  json.begin_object().member("accelerator", group.accelerator);
  if (!group.load.empty())
    json.member("load", group.load).member("engine", group.engine).member("year", group.year);
  json.key("qualities").begin_array();
  for (const std::string& quality : group.qualities) json.value(quality);
  json.end_array().member("points", group.errors.points).member("bias", group.errors.bias);
  json.member("p10", group.errors.low).member("p90", group.errors.high).end_object();
}

void write_groups(JsonWriter& json, const char* key, const std::vector<validation::PointGroup>& groups) {
  json.key(key).begin_array();
  for (const validation::PointGroup& group : groups) write_group(json, group);
  json.end_array();
}

void write_unusable(JsonWriter& json, const validation::PriorCheck& check) {
  json.key("unusable").begin_array();
  for (const auto& [reason, details] : check.unusable)
    for (const auto& [detail, rows] : details)
      json.begin_object().member("reason", reason).member("detail", detail).member("rows", rows).end_object();
  json.end_array();
}

void write_point(JsonWriter& json, const validation::CheckedPoint& point) {
  json.begin_object().member("line", point.line).member("accelerator", point.accelerator);
  json.member("model", point.model).member("load", point.load).member("engine", point.engine);
  json.member("year", point.year).member("quality", point.quality);
  json.member("simulated_seconds", point.simulated_seconds)
      .member("measured_seconds", point.measured_seconds);
  json.member("error", point.error()).end_object();
}

}  // namespace

void write_prior_check(std::ostream& out, const validation::PriorCheck& check) {
  JsonWriter json(out);
  json.begin_object().member("rows", check.rows);
  write_groups(json, "accelerators", validation::by_accelerator(check.points));
  write_groups(json, "groups", validation::by_engine(check.points));
  write_unusable(json, check);
  json.key("unchecked").begin_array();
  for (const std::string& accelerator : check.unchecked) json.value(accelerator);
  json.end_array().key("sources").begin_array();
  for (const validation::PointSource& source : check.sources)
    json.begin_object()
        .member("name", source.name)
        .member("date", source.date)
        .member("rows", source.rows)
        .member("used", source.used)
        .end_object();
  json.end_array().key("points").begin_array();
  for (const validation::CheckedPoint& point : check.points) write_point(json, point);
  json.end_array().end_object();
}

}  // namespace kvsim::cli
