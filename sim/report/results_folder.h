// SPDX-License-Identifier: Apache-2.0
// The files of a run, as docs/results.md describes them.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "sim/metrics/summary.h"

namespace kvsim::sim {

void write_summary_json(std::ostream& out, const Summary& summary);
void write_stage_json(std::ostream& out,
                      const StageSummary& stage);  // inference-perf's stage_N_lifecycle_metrics.json
void write_timeseries_csv(std::ostream& out, const Summary& summary);
void write_tiers_csv(std::ostream& out, const Sizing& sizing);
void write_links_csv(std::ostream& out, const Sizing& sizing);
void write_run_html(std::ostream& out, const Summary& summary);  // one file, no network
std::string results_table(const Summary& summary);               // for people, on a terminal
std::string sizing_table(const Sizing& sizing);                  // parts of it
std::string uncertainty_table(const Uncertainty& uncertainty);

// InputError where no file can be made in `folder`; it is made where it is missing. To be asked before a long
// run.
void check_results_folder(const std::string& folder);

// Writes summary.json, timeseries.csv, run.html, one stage file for each load stage and, where the fleet has
// tiers below the GPU, tiers.csv and links.csv; each appears whole or not at all, summary.json last. Files of
// an earlier run that this one does not have are removed. Returns the paths written.
std::vector<std::string> write_results(const std::string& folder, const Summary& summary);

}  // namespace kvsim::sim
