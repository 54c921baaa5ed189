// SPDX-License-Identifier: Apache-2.0
#include "sim/report/sweep.h"

#include <algorithm>
#include <sstream>

#include "base/quantity.h"
#include "base/text.h"
#include "sim/metrics/quantiles.h"
#include "sim/report/csv.h"
#include "sim/report/page.h"
#include "sim/report/page_assets.h"

namespace kvsim::sim {
namespace {

constexpr int kSchema = 1;

bool is_amount(const std::string& text) { return parse_double(text) || parse_bytes(text); }

void add_texts(JsonWriter& json, const char* name, const std::vector<std::string>& texts) {
  json.key(name).begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void add_point(JsonWriter& json, const Sweep& sweep, const SweepPoint& point) {
  json.begin_object().key("set").begin_object();
  for (std::size_t i = 0; i < sweep.axes.size(); ++i) json.member(sweep.axes[i].key, point.values[i]);
  json.end_object();
  add_texts(json, "runs", point.runs);
  json.key("error");
  point.error.empty() ? json.null() : json.value(point.error);
  json.key("metrics").begin_object();
  for (std::size_t i = 0; i < sweep.metrics.size(); ++i) {
    json.key(sweep.metrics[i]).begin_object();
    json.member("mean", point.figures[i].mean).member("spread", point.figures[i].spread).end_object();
  }
  json.end_object().end_object();
}

std::string csv_cell(const std::optional<double>& value) { return value ? csv_number(*value) : ""; }

}  // namespace

SweepFigure figure_over(const std::vector<std::optional<double>>& values) {
  if (std::any_of(values.begin(), values.end(), [](const auto& value) { return !value.has_value(); }))
    return {};
  std::vector<double> known;
  for (const auto& value : values) known.push_back(*value);
  const double mean = sample_mean(known);
  if (known.size() < 2) return {mean, {}};
  return {mean, sample_deviation(known, mean)};
}

const SweepAxis& natural_x(const std::vector<SweepAxis>& axes) {
  const auto varies = [](const SweepAxis& axis) { return axis.values.size() > 1; };
  const auto numeric = [&](const SweepAxis& axis) {
    return varies(axis) && std::all_of(axis.values.begin(), axis.values.end(), is_amount);
  };
  auto found = std::find_if(axes.begin(), axes.end(), numeric);
  if (found == axes.end()) found = std::find_if(axes.begin(), axes.end(), varies);
  return found == axes.end() ? axes.front() : *found;
}

void write_sweep_csv(std::ostream& out, const Sweep& sweep) {
  std::vector<std::string> header;
  for (const SweepAxis& axis : sweep.axes) header.push_back(csv_text(axis.key));
  header.insert(header.end(), {"seeds", "error"});
  for (const std::string& metric : sweep.metrics) {
    header.push_back(csv_text(metric));
    header.push_back(csv_text(metric + ".spread"));
  }
  out << join(header, ",") << "\n";
  for (const SweepPoint& point : sweep.points) {
    std::vector<std::string> cells;
    for (const std::string& value : point.values) cells.push_back(csv_text(value));
    cells.insert(cells.end(), {std::to_string(sweep.seeds), csv_text(point.error)});
    for (const SweepFigure& figure : point.figures)
      cells.insert(cells.end(), {csv_cell(figure.mean), csv_cell(figure.spread)});
    out << join(cells, ",") << "\n";
  }
}

void add_sweep(JsonWriter& json, const Sweep& sweep) {
  json.begin_object();
  json.key("kvsim").begin_object().member("version", KVSIM_VERSION).member("schema", kSchema).end_object();
  json.key("sweep").begin_object().member("fleet", sweep.fleet).member("trace", sweep.trace);
  json.member("seed", sweep.seed).member("seeds", sweep.seeds).member("x", sweep.x).end_object();
  json.key("axes").begin_array();
  for (const SweepAxis& axis : sweep.axes) {
    json.begin_object().member("key", axis.key);
    add_texts(json, "values", axis.values);
    json.end_object();
  }
  json.end_array();
  add_texts(json, "metrics", sweep.metrics);
  json.key("points").begin_array();
  for (const SweepPoint& point : sweep.points) add_point(json, sweep, point);
  json.end_array().end_object();
}

void write_sweep_html(std::ostream& out, const Sweep& sweep) {
  std::ostringstream data;
  JsonWriter json(data, 0);
  add_sweep(json, sweep);
  write_page(out, sweep.fleet + " · " + sweep.trace, data.str(), kSweepScript);
}

}  // namespace kvsim::sim
