// SPDX-License-Identifier: Apache-2.0
#include "sim/report/page.h"
#include "sim/report/page_assets.h"
#include "sim/report/page_data.h"
#include "sim/report/results_folder.h"

namespace kvsim::sim {

void write_run_html(std::ostream& out, const Summary& summary) {
  write_page(out, summary.scenario.fleet + " · " + summary.scenario.trace, page_data(summary),
             std::string(kTiersScript) + kRunScript);
}

}  // namespace kvsim::sim
