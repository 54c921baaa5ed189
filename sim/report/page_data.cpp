// SPDX-License-Identifier: Apache-2.0
#include "sim/report/page_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/text.h"
#include "sim/report/summary_json.h"

namespace kvsim::sim {
namespace {

constexpr std::size_t kDrawnPools = 6;

using Column = double SeriesPoint::*;
constexpr std::pair<const char*, Column> kColumns[] = {
    {"time", &SeriesPoint::time_seconds},
    {"requests_per_second", &SeriesPoint::requests_per_second},
    {"input_tokens_per_second", &SeriesPoint::input_tokens_per_second},
    {"output_tokens_per_second", &SeriesPoint::output_tokens_per_second},
    {"running", &SeriesPoint::running},
    {"waiting", &SeriesPoint::waiting},
    {"kv_usage", &SeriesPoint::kv_usage},
    {"hit_ratio", &SeriesPoint::hit_ratio},
    {"busy", &SeriesPoint::busy},
    {"watts", &SeriesPoint::watts},
};

// What a chart can show; keeps the file small.
double six_digits(double value) {
  return std::isfinite(value) ? parse_double(fmt::format("{:.6g}", value)).value_or(value) : value;
}

std::vector<const PoolSummary*> drawn_pools(const Summary& summary) {
  std::vector<const PoolSummary*> pools;
  for (const PoolSummary& pool : summary.pools) pools.push_back(&pool);
  std::stable_sort(pools.begin(), pools.end(), [](const PoolSummary* a, const PoolSummary* b) {
    return a->throughput.output_tokens_per_second > b->throughput.output_tokens_per_second;
  });
  pools.resize(std::min(pools.size(), kDrawnPools));
  return pools;
}

void add_series(JsonWriter& json, const PoolSummary& pool) {
  json.begin_object().member("pool", pool.name);
  for (const auto& [name, column] : kColumns) {
    std::vector<double> values;
    for (const SeriesPoint& point : pool.series) values.push_back(point.*column);
    add_numbers(json, name, values);
  }
  json.end_object();
}

void add_downtimes(JsonWriter& json, const Summary& summary) {
  json.key("downtimes").begin_array();
  for (const Downtime& time : summary.availability->downtimes) {
    json.begin_object().member("pool", summary.pools[time.pool].name);
    json.member("from", time.from_seconds).member("to", time.to_seconds).end_object();
  }
  json.end_array();
}

void add_curves(JsonWriter& json, const LatencyCurves& curves) {
  json.key("curves").begin_object();
  add_numbers(json, "ttft", curves.ttft);
  add_numbers(json, "tpot", curves.tpot);
  add_numbers(json, "itl", curves.itl);
  add_numbers(json, "e2e", curves.e2e);
  json.end_object();
}

}  // namespace

void add_numbers(JsonWriter& json, const char* name, const std::vector<double>& values) {
  json.key(name).begin_array();
  for (const double value : values) json.value(six_digits(value));
  json.end_array();
}

std::string page_data(const Summary& summary) {
  std::ostringstream text;
  JsonWriter json(text, 0);
  json.begin_object().key("summary");
  add_summary(json, summary);
  add_curves(json, summary.curves);
  json.key("series").begin_array();
  for (const PoolSummary* pool : drawn_pools(summary)) add_series(json, *pool);
  json.end_array();
  if (summary.availability) add_downtimes(json, summary);
  if (summary.sizing) add_tier_data(json, *summary.sizing);
  json.end_object();
  return text.str();
}

}  // namespace kvsim::sim
