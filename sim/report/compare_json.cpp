// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "sim/report/compare.h"
#include "sim/report/page.h"
#include "sim/report/page_assets.h"
#include "sim/report/table_cells.h"

namespace kvsim::sim {
namespace {

constexpr int kSchema = 1;

void add_side(JsonWriter& json, const char* key, const CompareSideFacts& side) {
  json.key(key).begin_object().member("name", side.name).member("fleet", side.fleet);
  json.member("trace", side.trace).member("runs", side.runs).end_object();
}

const char* to_string(Good good) {
  switch (good) {
    case Good::kMore:
      return "more";
    case Good::kLess:
      return "less";
    case Good::kNeither:
      break;
  }
  return "neither";
}

template <class Scaled>
void add_interval(JsonWriter& json, const char* key, const std::optional<Interval>& interval, Scaled scaled) {
  json.key(key);
  if (!interval) {
    json.null();
    return;
  }
  json.begin_array().value(scaled(interval->low)).value(scaled(interval->high)).end_array();
}

void add_figure(JsonWriter& json, const ComparedFigure& figure) {
  const PairedDifference& paired = figure.paired;
  const auto share = [&figure](double difference) { return relative(figure, difference); };
  json.begin_object().member("kind", figure.kind).member("name", figure.name);
  json.member("metric", figure.metric.path).member("title", metric_title(figure.metric.path));
  json.member("good", to_string(figure.metric.good)).member("pairs", paired.pairs);
  json.member("a", paired.a).member("b", paired.b).member("difference", paired.difference);
  add_interval(json, "interval", paired.interval, [](double value) { return value; });
  json.member("relative", share(paired.difference));
  add_interval(json, "relative_interval", paired.a != 0 ? paired.interval : std::nullopt, share);
  json.member("p", paired.chance).member("p_holm", figure.adjusted);
  json.member("verdict", to_string(figure.finding)).end_object();
}

}  // namespace

void add_comparison(JsonWriter& json, const Comparison& comparison) {
  json.begin_object();
  json.key("kvsim").begin_object().member("version", KVSIM_VERSION).member("schema", kSchema).end_object();
  json.key("compare").begin_object();
  add_side(json, "a", comparison.a);
  add_side(json, "b", comparison.b);
  json.key("seeds").begin_array();
  for (const std::uint64_t seed : comparison.seeds) json.value(seed);
  json.end_array().member("level", kPairedLevel).member("correction", "Holm");
  json.member("tested", comparison.tested).end_object();
  json.key("notes").begin_array();
  for (const std::string& note : comparison.notes) json.value(note);
  json.end_array().key("figures").begin_array();
  for (const ComparedFigure& figure : comparison.figures) add_figure(json, figure);
  json.end_array().end_object();
}

void write_compare_html(std::ostream& out, const Comparison& comparison) {
  std::ostringstream data;
  JsonWriter json(data, 0);
  add_comparison(json, comparison);
  write_page(out, comparison.a.name + " · " + comparison.b.name, data.str(), kCompareScript);
}

}  // namespace kvsim::sim
