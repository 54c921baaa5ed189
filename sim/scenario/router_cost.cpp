// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/router_cost.h"

#include <fmt/format.h>

#include "sim/scenario/setting_reader.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {

RouterCost epp_cost() {
  RouterCost cost;
  cost.seconds = 0.0092;
  cost.latency_seconds = 0.002;
  cost.seconds_per_token = 7.5e-6;
  cost.variation = 1;
  cost.cores = 32;
  cost.hop_seconds = 0.001;
  cost.latency_per_stream_seconds = 0.0018;
  cost.source =
      "reported for llm-d-router against simulated backends in 2026 (1.5 ms at 200 requests/s, about full at "
      "500 on about 5 cores; 0.5 to 1 core for a request a second of 100,000 tokens; hop 0.5 to 2 ms), not "
      "checked here; cores and latency_per_stream from public benchmark artifacts of pools of H100 NVL, "
      "MI325X and Gaudi3 behind llm-d's gateway v0.8.0 (praveingk/llmd-benchmarking-nxtgen, 2026-05): one "
      "replica passed 200 requests/s of 11,600 tokens, and TTFT grew 1.6 to 3.3 ms a stream";
  return cost;
}

RouterCost read_router_cost(Fields fields, const RouterCost& standard) {
  RouterCost cost = standard;
  const auto take = [&](const char* key, double& value) {
    value = read_duration(fields, key).value_or(value);
  };
  take("seconds", cost.seconds);
  take("latency", cost.latency_seconds);
  take("seconds_per_token", cost.seconds_per_token);
  take("seconds_per_stream", cost.seconds_per_stream);
  take("seconds_per_streamed_token", cost.seconds_per_streamed_token);
  take("latency_per_stream", cost.latency_per_stream_seconds);
  cost.variation = fields.number("variation", {0, 100}, cost.variation);
  cost.cores = fields.number("cores", {0, 1e5, true}, cost.cores);
  take("hop", cost.hop_seconds);
  take("timeout", cost.timeout_seconds);
  cost.max_waiting = static_cast<std::uint64_t>(
      fields.integer("max_waiting", {0, 1'000'000'000}, static_cast<std::int64_t>(cost.max_waiting)));
  cost.fail_open = fields.boolean("fail_open", cost.fail_open);
  const std::string rest =
      standard.source.empty() ? "" : fmt::format("; what it leaves out: {}", standard.source);
  const bool says_something = fields.present() && !fields.keys().empty();
  cost.source = fields.text("source", says_something ? "the fleet file" + rest : standard.source);
  fields.finish();
  return cost;
}

std::string router_cost_yaml(const RouterCost& cost) {
  return fmt::format(
      "{{seconds: {}, latency: {}, seconds_per_token: {}, seconds_per_stream: {}, "
      "seconds_per_streamed_token: {}, latency_per_stream: {}, "
      "variation: {}, cores: {}, hop: {}, timeout: {}, max_waiting: {}, fail_open: {}, source: {}}}",
      yaml_number(cost.seconds), yaml_number(cost.latency_seconds), yaml_number(cost.seconds_per_token),
      yaml_number(cost.seconds_per_stream), yaml_number(cost.seconds_per_streamed_token),
      yaml_number(cost.latency_per_stream_seconds), yaml_number(cost.variation), yaml_number(cost.cores),
      yaml_number(cost.hop_seconds), yaml_number(cost.timeout_seconds), cost.max_waiting, cost.fail_open,
      yaml_text(cost.source));
}

}  // namespace kvsim::sim
