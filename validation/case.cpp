// SPDX-License-Identifier: Apache-2.0
#include "validation/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/files.h"
#include "base/text.h"
#include "base/yaml_kind.h"
#include "validation/public_file.h"
#include "validation/read_curve.h"
#include "validation/read_measured.h"

namespace kvsim::validation {
namespace {

MeasuredSeries read_series(Fields& entry) {
  MeasuredSeries series;
  series.metric = entry.choice("metric", {"running_requests", "waiting_requests"});
  series.every_seconds = entry.number("every_seconds", {0.001, 86400}, 1);
  series.values = entry.numbers("values", {0, kLargestValue});
  if (series.values.empty()) entry.problem("values", "no value", "give the samples in order of time");
  entry.finish();
  return series;
}

std::vector<MeasuredFigure> listed_figures(Fields& parent, const SourceOf& source) {
  std::vector<MeasuredFigure> figures;
  std::set<std::tuple<std::string, std::string, std::optional<std::uint32_t>>> seen;
  for (Fields& entry : parent.maps("measured")) {
    figures.push_back(read_figure(entry, source));
    const MeasuredFigure& figure = figures.back();
    if (!seen.insert({figure.metric, figure.statistic, figure.stage}).second)
      entry.problem("metric", "the same figure stands here a second time", "keep one of them");
  }
  return figures;
}

// A file that may not be shipped: beside the case, or in the folder of public traces. Where it is not there,
// `missing` tells what to do.
std::string find_trace(Fields& root, const std::string& case_file, std::string& missing) {
  const std::string name = root.text("trace");
  return find_public({name, root.text("trace_from", ""), "KVSIM_TRACE_DIR"}, case_file, missing);
}

class CaseReader {
 public:
  CaseReader(const Document& document, const sim::FleetInputs& inputs, const Settings& besides)
      : document_(document), inputs_(inputs), besides_(besides), root_(document, problems_) {}

  Case read() {
    case_.file = document_.file;
    case_.name = root_.text("name");
    case_.about = root_.text("about", "");
    case_.source = read_source(root_, {});
    const std::string kind = root_.choice("kind", {"run", "copy-curve", "block-replay"}, "run");
    if (kind == "run") read_runs();
    if (kind == "copy-curve") read_copies();
    if (kind == "block-replay") read_replay();
    root_.finish();
    problems_.throw_if_any();
    return std::move(case_);
  }

 private:
  void read_runs() {
    const RunReader runs(root_, document_.file, inputs_, besides_);
    case_.seeds = static_cast<std::uint64_t>(root_.integer("seeds", {1, 1000}, 1));
    Point own;
    own.figures = read_figures(root_);
    for (Fields& entry : root_.maps("series")) own.series.push_back(read_series(entry));
    own.requests = read_requests();
    choose_compared(own);
    for (Fields& entry : root_.maps("slo_rate")) read_slo(entry, own);
    case_.compared_to = root_.text("compared_to", "");
    if (!own.figures.empty() || !own.series.empty() || !own.requests.empty())
      add_point(std::move(own), {}, root_, "fleet", runs);
    for (Fields& entry : root_.maps("points")) read_point(entry, runs);
    for (Fields& entry : root_.maps("curves")) case_.curves.push_back(read_run_curve(entry, runs, problems_));
    for (Fields& entry : root_.maps("rankings")) case_.rankings.push_back(read_ranking(entry, case_.curves));
    if (!root_.has("measured") && !root_.has("points") && !root_.has("curves"))
      root_.problem("measured", "no figure", "give a list of {metric, statistic, value}, points or curves");
  }

  void read_slo(Fields& entry, const Point& own) {
    case_.slo_rates.push_back(read_slo_rate(entry));
    const SloRate& slo = case_.slo_rates.back();
    if (std::none_of(own.figures.begin(), own.figures.end(),
                     [&](const MeasuredFigure& figure) { return of_slo(figure, slo); }))
      entry.problem("metric", fmt::format("no stage has a measured {}", slo.metric),
                    "give figures of it, with `stage`, under `measured`");
  }

  std::vector<MeasuredRequests> read_requests() {
    const std::string name = root_.text("requests", "");
    if (name.empty()) return {};
    const std::string path = beside(document_.file, name);
    try {
      return read_measured_requests(read_file(path), path, problems_);
    } catch (const InputError&) {
      root_.problem("requests", fmt::format("cannot read {}", path),
                    "give a CSV file from the folder of this case");
      return {};
    }
  }

  // A list, or a map that says where to read them.
  std::vector<MeasuredFigure> read_figures(Fields& parent) {
    const Node* node = parent.raw("measured");
    if (node == nullptr || !node->is_map()) return listed_figures(parent, case_.source);
    return read_measured(parent.map("measured"), {document_.file, case_.source, case_.not_run}, problems_);
  }

  void read_point(Fields& entry, const RunReader& runs) {
    Point point;
    point.name = entry.text("name");
    const Settings settings = read_settings(entry, "set");
    point.figures = read_figures(entry);
    if (point.figures.empty() && case_.not_run.empty())
      entry.problem("measured", "no figure", "give a list of {metric, statistic, value}");
    entry.finish();
    add_point(std::move(point), settings, entry, "set", runs);
  }

  void add_point(Point point, const Settings& settings, Fields& place, std::string_view key,
                 const RunReader& runs) {
    if (auto run = runs.read(settings, place, key, problems_)) point.run = std::move(*run);
    case_.points.push_back(std::move(point));
  }

  void read_copies() {
    const std::string accelerator = root_.text("accelerator");
    const Copies* copies = inputs_.catalog.copies();
    if (copies == nullptr || copies->measured_on != accelerator) {
      root_.problem("accelerator", fmt::format("no copies were measured on '{}'", accelerator),
                    copies == nullptr ? "add copies to the catalog" : "give " + copies->measured_on);
    }
    for (Fields& entry : root_.maps("curves"))
      case_.curves.push_back(read_copy_curve(entry, copies == nullptr ? Copies{} : *copies));
    need_curves();
  }

  void read_replay() {
    ReplayCurve replay;
    replay.trace = find_trace(root_, document_.file, case_.not_run);
    replay.block_tokens = static_cast<std::uint32_t>(root_.integer("block_tokens", {1, 1 << 20}));
    for (Fields& entry : root_.maps("curves")) case_.curves.push_back(read_replay_curve(entry, replay));
    need_curves();
  }

  void need_curves() {
    if (case_.curves.empty()) root_.problem("curves", "no curve", "give a list of curves");
  }

  void choose_compared(Point& own) {
    if (!root_.has("compare")) {
      root_.raw("compare");
      return;
    }
    const std::vector<std::string> chosen = root_.texts("compare");
    std::set<std::string> measured;
    for (MeasuredFigure& figure : own.figures) {
      measured.insert(figure.metric);
      figure.compared = std::find(chosen.begin(), chosen.end(), figure.metric) != chosen.end();
    }
    for (const std::string& name : chosen) {
      if (!measured.contains(name) && case_.not_run.empty()) {
        root_.problem("compare", fmt::format("'{}' is not measured", name),
                      valid_names_remedy(name, {measured.begin(), measured.end()}));
      }
    }
  }

  const Document& document_;
  const sim::FleetInputs& inputs_;
  const Settings& besides_;
  Problems problems_;
  Fields root_;
  Case case_;
};

}  // namespace

Case load_case(const std::string& path, const sim::FleetInputs& inputs, const Settings& besides) {
  return read_case(load_yaml(path), inputs, besides);
}

Case read_case(const Document& document, const sim::FleetInputs& inputs, const Settings& besides) {
  refuse_other_kind(document, "case");
  return CaseReader(document, inputs, besides).read();
}

}  // namespace kvsim::validation
