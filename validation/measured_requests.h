// SPDX-License-Identifier: Apache-2.0
// Latencies of single requests, as they were measured: a CSV file with a header and the columns `request`
// (its place in the order of arrival, from 0), `ttft_seconds` and `e2e_seconds` (one of them is enough, an
// empty cell was not measured), and perhaps `part`, a name of some requests whose errors are told together.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.h"

namespace kvsim::validation {

struct RequestValue {
  std::uint64_t request = 0;
  double seconds = 0;  // over 0
};

struct MeasuredRequests {  // one metric of one part
  std::string metric;      // "ttft_seconds" or "e2e_seconds"
  std::string part;        // empty: the file has none
  std::vector<RequestValue> values;
};

const std::vector<std::string>& request_metrics();

// Parts in the order of the file, in each the metrics that have values. What is wrong is a problem with its
// line.
std::vector<MeasuredRequests> read_measured_requests(std::string_view text, const std::string& file,
                                                     Problems& problems);

}  // namespace kvsim::validation
