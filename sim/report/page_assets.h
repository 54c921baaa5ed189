// SPDX-License-Identifier: Apache-2.0
// Texts that are compiled in: sim/report/page/* and Chart.js (MIT licence, notice kept in its text).
#pragma once

namespace kvsim::sim {

extern const char* const
    kPageHtml;  // of every page, with {{title}}, {{css}}, {{version}}, {{data}}, {{chart}} and {{scripts}}
extern const char* const kPageCss;
extern const char* const kCommonScript;  // before any of the others
extern const char* const kChartsScript;  // after it
extern const char* const kRunScript;
extern const char* const kSweepScript;
extern const char* const kCompareScript;
extern const char* const kTiersScript;
extern const char* const kCalibrationScript;
extern const char* const kChartJs;

}  // namespace kvsim::sim
