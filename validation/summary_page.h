// SPDX-License-Identifier: Apache-2.0
// What all compared cases say together, for people.
#pragma once

#include <string>
#include <vector>

#include "validation/compare.h"

namespace kvsim::validation {

// By vendor and metric, beside naive baselines, the maximum rates at SLOs, gains of cases over others: what
// the cases have of these. Empty where they have nothing.
std::string summary_sections(const std::vector<CaseResult>& results);  // Markdown, each with a heading
std::string summary_tables(const std::vector<CaseResult>& results);    // plain text

}  // namespace kvsim::validation
