// SPDX-License-Identifier: Apache-2.0
#include "planner/hand_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/memory.h"
#include "planner/summary_parts.h"
#include "sim/report/sweep_runs.h"

namespace kvsim::planner {
namespace {

constexpr double kFull = 0.95;  // of the KV pool
constexpr double kBusy = 0.9;   // of the time

double latency(const Node& pool, const char* metric) {
  return number(pool, fmt::format("latency.{}_seconds.mean", metric));
}

// What one replica of a pool works on at a time, and with which contexts.
struct Flow {
  double requests_per_second = 0;
  double seconds = 0;  // of a request there
  double context_tokens = 0;
};

// Of requests that end here; where another pool prefilled them, without the time there.
Flow flow_of(const sim::Pool& pool, const Node& results, double duration_seconds) {
  const double requests = number(results, "requests.completed");
  const double prompt = number(results, "cache.prompt_tokens") / requests;
  const double output = number(results, "throughput.output_tokens_per_second") /
                        number(results, "throughput.requests_per_second");
  const double seconds = pool.role == sim::PoolRole::kDecode
                             ? number(results, "time_per_request.load_seconds") +
                                   number(results, "time_per_request.decode_seconds")
                             : latency(results, "e2e");
  return {requests / duration_seconds / pool.replicas, seconds, prompt + output / 2};
}

bool are_one_service(const sim::Pool& a, const sim::Pool& b) {
  return a.model.name == b.model.name && a.dedicated_to == b.dedicated_to;
}

// Of prompts that end elsewhere: those of the pools that decode, evenly over the replicas that prefill. How
// long they stay, pinned blocks included, is what the blocks in use say.
Flow flow_of_prompts(const sim::Pool& pool, const sim::Fleet& fleet, const Node& run,
                     double duration_seconds) {
  double requests = 0, tokens = 0, replicas = 0;
  for (const sim::Pool& other : fleet.pools) {
    if (!are_one_service(pool, other)) continue;
    const Node* results = sim::item_named(run, "pools", "name", other.name);
    if (other.role == pool.role) replicas += other.replicas;
    if (other.role != sim::PoolRole::kDecode || results == nullptr) continue;
    requests += number(*results, "requests.completed");
    tokens += number(*results, "cache.prompt_tokens");
  }
  const double held = number(*sim::item_named(run, "pools", "name", pool.name), "kv_usage.mean") *
                      static_cast<double>(pool.kv_blocks) * pool.engine.block_size_tokens;
  Flow flow{requests / duration_seconds / replicas, 0, tokens / requests};
  flow.seconds = held / flow.context_tokens / flow.requests_per_second;
  return flow;
}

// The pool's figures over one replica.
HandCheck check_of(std::size_t option, const sim::Pool& pool, const Node& results, const Flow& flow) {
  HandCheck check;
  check.option = option;
  check.requests_per_second = flow.requests_per_second;
  check.weights_bytes = pool.tp * models::weight_bytes_per_rank(pool.model, pool.types, pool.tp);
  check.kv_bytes_per_token = pool.kv_bytes_per_block / pool.engine.block_size_tokens;
  check.kv_capacity_tokens = static_cast<double>(pool.kv_blocks) * pool.engine.block_size_tokens;
  check.concurrency = flow.requests_per_second * flow.seconds;
  check.kv_tokens_needed = check.concurrency * flow.context_tokens;
  check.peak_flops_per_second = pool.tp * pool.accelerator.rate(pool.types.matmul).flops_per_second.value;
  if (check.peak_flops_per_second == 0)
    check.peak_flops_per_second = pool.tp * pool.accelerator.rate(NumberType::kBf16).flops_per_second.value;
  check.peak_bytes_per_second = pool.tp * pool.accelerator.memory_bandwidth_bytes_per_second.value;
  check.flops_per_second = number(results, "compute_utilisation") * check.peak_flops_per_second;
  check.bytes_per_second = number(results, "memory_utilisation") * check.peak_bytes_per_second;
  check.busy_fraction = number(results, "busy_fraction");
  return check;
}

// Why the replica does less than its peaks.
std::string limit_of(const HandCheck& check, double kv_usage_max, double hit_ratio) {
  const double compute = check.flops_per_second / check.peak_flops_per_second;
  const double memory = check.bytes_per_second / check.peak_bytes_per_second;
  std::string words = fmt::format("{:.0f} % of peak arithmetic and {:.0f} % of peak bandwidth are used",
                                  100 * compute, 100 * memory);
  if (kv_usage_max > kFull)
    return words + "; the KV pool fills up, so requests wait for blocks, not for arithmetic";
  if (check.busy_fraction < kBusy)
    return words +
           fmt::format(
               "; steps are under way {:.0f} % of the time: the rest is kept free so that bursts stay "
               "within the limits of latency",
               100 * check.busy_fraction);
  words += memory > compute
               ? "; each decode step reads weights and KV for few sequences: bandwidth and the limit of "
                 "TPOT bind before arithmetic does"
               : "; prefill takes most of the time: arithmetic at the efficiency that kernels attain";
  return hit_ratio > 0
             ? words + fmt::format("; {:.0f} % of prompt tokens come out of caches", 100 * hit_ratio)
             : words;
}

}  // namespace

std::vector<HandCheck> hand_checks(const Judging& judging, const FleetChoice& choice, const Summaries& runs) {
  std::vector<HandCheck> checks;
  if (runs.empty()) return checks;
  const sim::Fleet fleet =
      with_pools(fleet_of(judging.problem, judging.options.pools, choice, judging.inputs), judging.pools);
  const double duration = number(*runs.front(), "duration_seconds");
  for (std::size_t i = 0; i < choice.servers.size(); ++i) {
    const std::string& name = judging.options.pools[i].name;
    const Node* results = sim::item_named(*runs.front(), "pools", "name", name);
    const auto pool = std::find_if(fleet.pools.begin(), fleet.pools.end(),
                                   [&name](const sim::Pool& one) { return one.name == name; });
    if (results == nullptr || pool == fleet.pools.end()) continue;
    const bool only_prefills = pool->role == sim::PoolRole::kPrefill;
    const Flow flow = only_prefills ? flow_of_prompts(*pool, fleet, *runs.front(), duration)
                                    : flow_of(*pool, *results, duration);
    checks.push_back(check_of(i, *pool, *results, flow));
    checks.back().limit =
        limit_of(checks.back(), number(*results, "kv_usage.max"), number(*results, "cache.hit_ratio"));
  }
  return checks;
}

}  // namespace kvsim::planner
