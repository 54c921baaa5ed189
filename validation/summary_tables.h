// SPDX-License-Identifier: Apache-2.0
// Tables and sentences of what summarises compared cases.
#pragma once

#include <string>

#include "validation/pairs.h"
#include "validation/summary.h"
#include "validation/tables.h"

namespace kvsim::validation {

std::string rate_text(const std::optional<Bounded>& rate);  // "4.2", "at least 50", "below 3", "-"
std::string error_text(
    const std::optional<Bounded>& error);  // "+12.0 %", "at least +12.0 %", "under +12.0 %"

Rows stage_rows(const ComparedPoint& point);  // stages of which the saturation is known
Rows slo_rows(const std::vector<ComparedSloRate>& rates);
Rows slo_rows(const std::vector<CaseResult>& results);  // led by the case's name
Rows pair_rows(const ComparedPair& pair);

Rows metric_rows(const Summary& summary);
Rows baseline_rows(const Summary& summary);
Rows slo_summary_rows(const Summary& summary);

// One sentence for each metric and baseline that kvsim does not beat, and one on all that it does.
std::vector<std::string> baseline_sentences(const Summary& summary);
// The median ratios, and how often the simulation says as measured which of the two has more.
std::string pair_sentence(const ComparedPair& pair);

}  // namespace kvsim::validation
