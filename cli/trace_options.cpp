// SPDX-License-Identifier: Apache-2.0
#include "cli/trace_options.h"

#include <CLI/CLI.hpp>

#include "base/text.h"

namespace kvsim::cli {

void add_trace_options(CLI::App& app, traces::TraceOptions& options) {
  const std::string group = "Trace";
  app.add_option("--format", options.format, "trace format (default: recognised)")
      ->check(CLI::IsMember(traces::trace_formats()))
      ->group(group);
  app.add_option("--block-size", options.block_tokens,
                 "tokens that one hash id stands for (default: recognised)")
      ->check(CLI::Range(1, 1 << 16))
      ->group(group);
  app.add_option("--rate-scale", options.rate_scale, "2: the same requests in half the time (default: 1)")
      ->check(CLI::Range(1e-6, 1e6))
      ->group(group);
  app.add_option("--start", options.start_seconds, "skip arrivals before this many seconds")
      ->check(CLI::Range(0.0, 1e9))
      ->group(group);
  app.add_option("--duration", options.duration_seconds, "stop taking arrivals this many seconds later")
      ->check(CLI::Range(0.0, 1e9))
      ->group(group);
  app.add_option("--max-requests", options.max_requests, "take only so many requests")
      ->check(whole_number)
      ->group(group);
  app.add_option("--spread", options.spread_tick_seconds,
                 "spread arrivals that share a stamp over this many seconds (default: leave them)")
      ->check(CLI::Range(0.0, 1e6))
      ->group(group);
  app.add_flag("--spread-uniformly", options.spread_uniformly,
               "at random places of that time instead of evenly")
      ->group(group);
  app.add_option("--default-output", options.default_output_tokens,
                 "output tokens of requests that do not say (default: such a request is an error)")
      ->group(group);
  app.add_option("--rename-model", options.model_names,
                 "the trace's name of a model and the fleet's, in pairs")
      ->allow_extra_args(false)
      ->group(group);
  app.add_flag("--sort", options.sort, "sort by arrival first, in memory")->group(group);
  app.add_option("--timeout", options.timeout_seconds,
                 "clients give up after this many seconds (default: never)")
      ->check(CLI::Range(0.0, 1e9))
      ->group(group);
}

std::string whole_number(const std::string& text) {
  const auto number = parse_integer(text);
  return number && *number >= 0 ? "" : "found '" + text + "'; give a whole number from 0 up";
}

}  // namespace kvsim::cli
