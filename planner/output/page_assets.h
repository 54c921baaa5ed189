// SPDX-License-Identifier: Apache-2.0
// Texts that are compiled in: planner/output/page/*.
#pragma once

namespace kvsim::planner {

extern const char* const kPlanMoneyScript;
extern const char* const kPlanServiceScript;
extern const char* const kPlanSearchScript;
extern const char* const kPlanChecksScript;
extern const char* const kPlanNotesScript;
extern const char* const kPlanScript;  // after the others, whose functions it calls

}  // namespace kvsim::planner
