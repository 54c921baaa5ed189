// SPDX-License-Identifier: Apache-2.0
#include "cli/trace_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/quantity.h"
#include "base/text.h"

namespace kvsim::cli {

void add_trace_options(CLI::App& app, traces::TraceOptions& options) {
  const std::string group = "Trace";
  app.add_option("--format", options.format)
      ->type_name("FORMAT")
      ->default_str("any")
      ->check(CLI::IsMember(traces::trace_formats()))
      ->group(group);
  app.add_option("--block-size", options.block_tokens, "that one hash id stands for")
      ->type_name("TOKENS")
      ->default_str("recognised")
      ->check(CLI::Range(1, 1 << 16))
      ->group(group);
  app.add_option("--rate-scale", options.rate_scale, "2: the same requests in half the time")
      ->type_name("FACTOR")
      ->capture_default_str()
      ->check(CLI::Range(1e-6, 1e6))
      ->group(group);
  app.add_option("--start", options.start_seconds, "skip earlier arrivals")
      ->type_name("TIME")
      ->transform(seconds_of)
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1e9))
      ->group(group);
  app.add_option("--duration", options.duration_seconds, "take arrivals for so long")
      ->type_name("TIME")
      ->transform(seconds_of)
      ->default_str("to the end")
      ->check(CLI::Range(0.0, 1e9))
      ->group(group);
  app.add_option("--max-requests", options.max_requests, "take only so many requests")
      ->type_name("N")
      ->default_str("all")
      ->check(whole_number)
      ->group(group);
  app.add_option("--spread", options.spread_tick_seconds, "spread arrivals that share a stamp over so long")
      ->type_name("TIME")
      ->transform(seconds_of)
      ->default_str("leave them")
      ->check(CLI::Range(0.0, 1e6))
      ->group(group);
  app.add_flag("--spread-uniformly", options.spread_uniformly,
               "at random places of that time instead of evenly")
      ->group(group);
  app.add_option("--default-output", options.default_output_tokens, "output of requests that do not say")
      ->type_name("TOKENS")
      ->default_str("such a request is an error")
      ->group(group);
  app.add_option("--rename-model", options.model_names, "the trace's name of a model, then the fleet's")
      ->type_name("A B")
      ->default_str("none")
      ->allow_extra_args(false)
      ->group(group);
  app.add_flag("--sort", options.sort, "sort by arrival first, in memory")->group(group);
  app.add_option("--timeout", options.timeout_seconds, "clients give up after so long")
      ->type_name("TIME")
      ->transform(seconds_of)
      ->default_str("never")
      ->check(CLI::Range(0.0, 1e9))
      ->group(group);
}

std::string seconds_of(const std::string& text) {
  const auto seconds = parse_duration_seconds(text);
  if (!seconds)
    throw CLI::ValidationError("found '" + text + "'; give seconds, or a time such as 90s, 10m or 1h30m");
  return fmt::format("{}", *seconds);
}

std::string whole_number(const std::string& text) {
  const auto number = parse_integer(text);
  return number && *number >= 0 ? "" : "found '" + text + "'; give a whole number from 0 up";
}

}  // namespace kvsim::cli
