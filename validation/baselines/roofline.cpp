// SPDX-License-Identifier: Apache-2.0
#include "validation/baselines/roofline.h"

#include <algorithm>
#include <cmath>

#include "models/step_time_shape.h"

namespace kvsim::validation {
namespace {

constexpr double kShareOfPeak = 0.5;

double prefill_flops(const models::RankShape& shape, double prompt_tokens) {
  double flops = 0;
  for (const models::Matrix& matrix : shape.matrices)
    flops += 2 * matrix.inputs * matrix.outputs * matrix.count * (matrix.sampled_rows ? 1 : prompt_tokens);
  const models::RoutedExperts& routed = shape.routed;
  flops += 2 * routed.values * routed.experts_per_token * routed.layers * prompt_tokens;
  const models::AttentionShape& attention = shape.attention;
  const double pairs = prompt_tokens * prompt_tokens / 2;
  const double in_window = std::min(pairs, prompt_tokens * attention.window_tokens);
  return flops +
         attention.flops_per_pair * (attention.full_layers * pairs + attention.window_layers * in_window);
}

// Emulated types compute as bf16 does.
double flops_per_second(const sim::Pool& pool) {
  const double own = pool.accelerator.rate(pool.types.matmul).flops_per_second.value;
  return kShareOfPeak * (own > 0 ? own : pool.accelerator.rate(NumberType::kBf16).flops_per_second.value);
}

std::uint32_t slots_of(const sim::Pool& pool, double tokens) {
  const double held = static_cast<double>(pool.kv_blocks) * pool.engine.block_size_tokens / tokens;
  return static_cast<std::uint32_t>(std::clamp<double>(held, 1, pool.engine.max_num_seqs));
}

double touched_bytes(const RooflineStep& step, double tokens) {
  if (step.experts == 0) return step.weight_bytes;
  const auto whole = static_cast<std::uint64_t>(std::ceil(tokens));
  return step.weight_bytes +
         step.expert_bytes * models::expected_experts(step.experts, step.experts_per_token, whole);
}

}  // namespace

double RooflineStep::decode_seconds(double batch) const {
  const double context = prompt_tokens + output_tokens / 2;
  return (touched_bytes(*this, batch) + batch * context * kv_bytes_per_token) / bytes_per_second;
}

double RooflineStep::seconds_per_request(double batch) const {
  return prefill_seconds + output_tokens * decode_seconds(batch) / batch;
}

RooflineStep roofline_step(const sim::Pool& pool, double prompt_tokens, double output_tokens) {
  const models::RankShape shape = models::rank_shape(pool.model, pool.types, pool.tp);
  const models::RoutedExperts& routed = shape.routed;
  RooflineStep step;
  step.slots = slots_of(pool, prompt_tokens + output_tokens);
  step.prompt_tokens = prompt_tokens;
  step.output_tokens = output_tokens;
  step.expert_bytes = routed.layers * routed.values * bytes_per_value(routed.storage);
  step.experts = routed.layers > 0 ? routed.experts : 0;
  step.experts_per_token = routed.experts_per_token;
  step.weight_bytes =
      models::weight_bytes_per_rank(pool.model, pool.types, pool.tp) - step.experts * step.expert_bytes;
  step.kv_bytes_per_token = models::kv_bytes_per_token_per_rank(pool.model, pool.types.kv, pool.tp);
  step.bytes_per_second = kShareOfPeak * pool.accelerator.memory_bandwidth_bytes_per_second.value;
  step.prefill_seconds = std::max(prefill_flops(shape, prompt_tokens) / flops_per_second(pool),
                                  touched_bytes(step, prompt_tokens) / step.bytes_per_second);
  return step;
}

RooflineService serve(const RooflineStep& step, std::uint32_t replicas, double rate) {
  const double most = step.slots;
  RooflineService service;
  service.capacity = replicas / step.seconds_per_request(most);
  double low = 0, high = most;  // r falls with b: bisection on rate x r(b) = replicas
  for (int i = 0; i < 60 && rate < service.capacity; ++i) {
    const double middle = (low + high) / 2;
    (rate * step.seconds_per_request(middle) > replicas ? low : high) = middle;
  }
  service.batch = high;
  service.ttft_seconds = step.prefill_seconds;
  service.tpot_seconds = step.seconds_per_request(high) * high / step.output_tokens;
  service.e2e_seconds = service.ttft_seconds + (step.output_tokens - 1) * service.tpot_seconds;
  return service;
}

std::optional<RooflineCase> roofline_case(const BaselineInput& input, const MeasuredFigure& figure) {
  const OfferedLoad* load = load_of(input.loads, figure.stage);
  const std::vector<sim::Pool>& pools = input.point.run.fleet.pools;
  if (load == nullptr || pools.size() != 1) return {};
  const std::uint32_t replicas = pools[0].replicas;
  const RooflineStep step = roofline_step(pools[0], load->prompt_tokens, load->output_tokens);
  return RooflineCase{step, serve(step, replicas, load->rate), replicas, *load};
}

std::optional<double> throughput(const OfferedLoad& load, double capacity, double e2e_seconds,
                                 const std::string& metric) {
  const double requests = static_cast<double>(load.requests);
  const double wall = std::max(load.duration_seconds, requests / capacity) + e2e_seconds;
  if (metric == "duration_seconds") return wall;
  if (metric == "requests_per_second") return requests / wall;
  if (metric == "input_tokens_per_second") return requests * load.prompt_tokens / wall;
  if (metric == "output_tokens_per_second") return requests * load.output_tokens / wall;
  if (metric == "tokens_per_second") return requests * (load.prompt_tokens + load.output_tokens) / wall;
  return {};
}

std::optional<double> predict_by_roofline(const BaselineInput& input, const MeasuredFigure& figure) {
  const std::optional<RooflineCase> known = roofline_case(input, figure);
  if (!known) return {};
  const RooflineService& service = known->service;
  if (figure.statistic.empty())
    return throughput(known->load, service.capacity, service.e2e_seconds, figure.metric);
  if (figure.statistic != "mean") return {};
  if (figure.metric == "ttft_seconds") return service.ttft_seconds;
  if (figure.metric == "tpot_seconds") return service.tpot_seconds;
  if (figure.metric == "itl_seconds") return service.tpot_seconds / figure.gaps_per_token;
  if (figure.metric == "e2e_seconds") return service.e2e_seconds;
  return {};
}

}  // namespace kvsim::validation
