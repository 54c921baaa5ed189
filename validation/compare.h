// SPDX-License-Identifier: Apache-2.0
// A case simulated, and each measured figure beside what the simulation gives.
#pragma once

#include <string>
#include <vector>

#include "validation/compare_ranking.h"
#include "validation/run_batch.h"

namespace kvsim::validation {

struct CaseResult {
  std::string name;
  std::string about;
  SourceOf source;
  std::string not_run;  // why not: then all below is empty
  std::uint64_t seeds = 1;
  std::vector<ComparedPoint> points;
  std::vector<ComparedCurve> curves;
  std::vector<ComparedRanking> rankings;
  std::vector<sim::Note> validity;  // of the first run; empty where nothing was simulated
  std::string compared_to;          // as in the case
};

// Simulates every run of the case with each of its seeds, at most `jobs` at a time.
CaseResult run_case(const Case& measured_case, std::size_t jobs = 1, const Progress& progress = {});

}  // namespace kvsim::validation
