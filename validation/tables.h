// SPDX-License-Identifier: Apache-2.0
// Rows of the tables of compared figures and curves; the first row is the header.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/profile.h"
#include "validation/compare.h"

namespace kvsim::validation {

using Rows = std::vector<std::vector<std::string>>;

std::string number(const std::optional<double>& value);   // four digits and more; "-" where there is none
std::string percent(const std::optional<double>& value);  // signed
std::string size_percent(const std::optional<double>& value);  // of what has no sign

std::string yes_or_no(std::optional<bool> value);  // "-" where there is none

// One row a figure; columns without a value in any row are left out. Those of baselines give their errors.
Rows figure_rows(const std::vector<ComparedFigure>& figures);
Rows request_rows(const std::vector<ComparedRequests>& requests);  // one row a metric of a part
Rows curve_rows(const ComparedCurve& curve);
Rows ranking_rows(const ComparedRanking& ranking);
// At how many x the expected order holds, measured and simulated, and how many pairs stand as measured.
std::string ranking_line(const ComparedRanking& ranking);
// How many values were judged, the median and the largest error, and how many lie outside.
std::string curve_line(const ComparedCurve& curve);

// Metric, what was held out, figures, median error, median size: the cells under fit_error_header().
std::vector<std::string> fit_error_header();
std::vector<std::string> fit_error_cells(const models::FitError& error);

std::string markdown(const Rows& rows);

}  // namespace kvsim::validation
