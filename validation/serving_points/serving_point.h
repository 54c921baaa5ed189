// SPDX-License-Identifier: Apache-2.0
// Published points of throughput and latency: one row of a CSV each, as its source has it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvsim::validation {

struct ServingPoint {
  int line = 0;
  std::string source, accelerator, model, dtype, engine, scenario;
  std::string date;     // "2024-11", "2025", or "2025-2026" for a span of years
  std::string quality;  // "ok", "vendor", "errors=88/2853", ...
  std::string notes;
  std::optional<double> accelerators, tp;                         // whole numbers
  std::optional<double> input_tokens, output_tokens;              // of a request, mean
  std::optional<double> batch;                                    // requests started together
  std::optional<double> concurrency;                              // the most requests at once
  std::optional<double> ttft_seconds, tpot_seconds, e2e_seconds;  // means; E2E of a batch: of all of it
  std::optional<double> output_tokens_per_second;                 // of all accelerators together
};

// Columns are found by name; others are accepted. All faults at once, each with its line (InputError).
std::vector<ServingPoint> parse_serving_points(std::string_view text, const std::string& file);
std::vector<ServingPoint> load_serving_points(const std::string& path);

// "vLLM", "TensorRT-LLM", "SGLang", ...; an engine of no known family by its own name, without one "not
// stated".
std::string engine_family(const std::string& engine);
// The year of a date, or the span of years that it is.
std::string year_of(const std::string& date);

}  // namespace kvsim::validation
