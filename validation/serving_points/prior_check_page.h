// SPDX-License-Identifier: Apache-2.0
// A check of the priors for people: tables on a terminal, a page of documentation.
#pragma once

#include <string>

#include "validation/serving_points/prior_check.h"

namespace kvsim::validation {

std::string prior_check_tables(const PriorCheck& check);  // plain text
std::string prior_check_page(const PriorCheck& check);    // Markdown: docs/priors.md

}  // namespace kvsim::validation
