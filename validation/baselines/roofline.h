// SPDX-License-Identifier: Apache-2.0
// Serving by the roofline at half of its peaks: no overheads, no communication, no prefix reuse, no queues.
//
// A replica prefills a prompt in p = max(FLOPs / F, weights / B) and decodes b sequences in
// t(b) = (weights that b tokens touch + b x KV bytes of a mean context) / B, with B half of the peak
// bandwidth and F half of the peak FLOP/s. With O output tokens a request costs r(b) = p + O t(b) / b of a
// replica's time. A replica that gets l requests/s runs the batch at which l r(b) = 1 (Little's law: b = l O
// TPOT, while l p of the time goes to prefill), at most its slots: there its capacity is 1 / r.
#pragma once

#include "validation/baselines/baseline.h"

namespace kvsim::validation {

struct RooflineStep {  // of one replica, in seconds
  double prefill_seconds = 0;
  std::uint32_t slots = 1;  // sequences at once: --max-num-seqs, or what the KV cache holds
  double prompt_tokens = 0, output_tokens = 0;
  double weight_bytes = 0;  // without routed experts
  double expert_bytes = 0;  // one expert of every MoE layer
  double experts = 0, experts_per_token = 0;
  double kv_bytes_per_token = 0;
  double bytes_per_second = 0;

  double decode_seconds(double batch) const;       // t(b)
  double seconds_per_request(double batch) const;  // r(b)
};
RooflineStep roofline_step(const sim::Pool& pool, double prompt_tokens, double output_tokens);

struct RooflineService {  // in the steady state at a rate
  double batch = 0;       // of a replica, while it decodes
  double ttft_seconds = 0;
  double tpot_seconds = 0;
  double e2e_seconds = 0;
  double capacity = 0;  // requests/s of all replicas
};
RooflineService serve(const RooflineStep& step, std::uint32_t replicas, double rate);

// The only pool of the fleet, and its load; nothing for fleets of several pools and loads without a rate.
struct RooflineCase {
  RooflineStep step;
  RooflineService service;
  std::uint32_t replicas = 1;
  OfferedLoad load;
};
std::optional<RooflineCase> roofline_case(const BaselineInput& input, const MeasuredFigure& figure);

// Throughputs and duration of a load whose answers leave at `capacity` at most: over the sending or the
// clearing, whichever is longer, and one E2E of drain. Other metrics: nothing.
std::optional<double> throughput(const OfferedLoad& load, double capacity, double e2e_seconds,
                                 const std::string& metric);

// Means of TTFT, TPOT, ITL and E2E; throughputs.
std::optional<double> predict_by_roofline(const BaselineInput& input, const MeasuredFigure& figure);

}  // namespace kvsim::validation
