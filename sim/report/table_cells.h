// SPDX-License-Identifier: Apache-2.0
// Figures as cells of tables on a terminal; "-" where unknown.
#pragma once

#include <string>
#include <vector>

namespace kvsim::sim {

using Table = std::vector<std::vector<std::string>>;  // the first row is the header

std::string number_cell(double value, int decimals = 1);
std::string digits_cell(double value, int digits);  // so many digits that count
std::string percent_cell(double share);
std::string milliseconds_cell(double seconds);
std::string bytes_cell(double bytes);       // "1.50 TB": powers of 1000
std::string duration_cell(double seconds);  // "36.0 s", "2.5 h", "7.0 d"

// Of a path in summary.json: "latency.ttft_seconds.p99" is "TTFT p99 [ms]", "power.mean_watts" "power mean
// watts".
std::string metric_title(const std::string& metric);
bool is_latency(const std::string& metric);  // in seconds there, shown in milliseconds

}  // namespace kvsim::sim
