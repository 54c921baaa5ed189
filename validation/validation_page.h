// SPDX-License-Identifier: Apache-2.0
// Compared cases for people: a table on a terminal, a page of documentation.
#pragma once

#include <string>
#include <vector>

#include "models/profile_library.h"
#include "validation/compare.h"

namespace kvsim::validation {

std::string comparison_table(const CaseResult& result);  // plain text
// Markdown: docs/validation.md
std::string validation_page(const std::vector<CaseResult>& results,
                            const models::ProfileLibrary& library = {});

}  // namespace kvsim::validation
