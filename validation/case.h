// SPDX-License-Identifier: Apache-2.0
// A measured run as a YAML: the fleet it ran on, the workload it got, and what was measured, with sources.
// docs/case.md describes the file; `kvsim validate` simulates it and prints the error.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/measured_requests.h"
#include "validation/measured_series.h"
#include "validation/ranking.h"
#include "validation/slo_rate.h"

namespace kvsim::validation {

// A run with settings of its own, and what was measured of it. The case's own run has no name.
struct Point {
  std::string name;
  Run run;
  std::vector<MeasuredFigure> figures;
  std::vector<MeasuredSeries> series;
  std::vector<MeasuredRequests> requests;
};

struct Case {
  std::string file;
  std::string name;
  std::string about;
  SourceOf source;
  std::uint64_t seeds = 1;  // each run is simulated with so many, from its own on
  std::vector<Point> points;
  std::vector<Curve> curves;
  std::vector<Ranking> rankings;
  std::vector<SloRate> slo_rates;  // of each point's ladder of stages
  std::string compared_to;         // name of a case whose ratio to this one is shown; empty: none
  std::string not_run;  // why this case cannot be simulated here: a file that is not shipped; empty: it can
};

// All problems at once, those of the fleet included (InputError). Paths are looked up from the case's own
// folder.
Case load_case(const std::string& path, const sim::FleetInputs& inputs, const Settings& besides = {});
// `besides`: settings of every run over those that the case gives.
Case read_case(const Document& document, const sim::FleetInputs& inputs, const Settings& besides = {});

}  // namespace kvsim::validation
