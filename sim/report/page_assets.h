// SPDX-License-Identifier: Apache-2.0
// Texts that are compiled in: sim/report/page/* and Chart.js (MIT licence, notice kept in its text).
#pragma once

namespace kvsim::sim {

extern const char* const kPageHtml;  // with {{title}}, {{css}}, {{chart}}, {{data}}, {{tiers}} and {{script}}
extern const char* const kPageCss;
extern const char* const kPageScript;
extern const char* const kTiersScript;
extern const char* const kChartScript;

}  // namespace kvsim::sim
