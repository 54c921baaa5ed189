// SPDX-License-Identifier: Apache-2.0
// Do the plain rules that kvsim is held against say what their textbooks say?
#include <gtest/gtest.h>

#include <cmath>

#include "models/memory.h"
#include "sim/scenario/load_fleet.h"
#include "validation/baselines/interpolation.h"
#include "validation/baselines/queue.h"
#include "validation/baselines/roofline.h"

namespace kvsim::validation {
namespace {

TEST(Interpolation, IsALineThroughTheNeighbours) {
  EXPECT_DOUBLE_EQ(*interpolated({{10, 5}, {2, 1}, {6, 3}}, 4), 2);
  EXPECT_DOUBLE_EQ(*interpolated({{2, 1}, {6, 3}, {10, 7}}, 6), 3);
}

TEST(Interpolation, GoesOnBeyondTheNearestTwo) {
  EXPECT_DOUBLE_EQ(*interpolated({{2, 1}, {6, 3}, {10, 7}}, 12), 9);
  EXPECT_DOUBLE_EQ(*interpolated({{2, 1}, {6, 3}, {10, 7}}, 0), 0);
}

TEST(Interpolation, NeedsTwoPoints) {
  EXPECT_FALSE(interpolated({{2, 1}}, 2));
  EXPECT_DOUBLE_EQ(*interpolated({{2, 1}, {2, 3}}, 5), 2);
}

MeasuredFigure figure(const std::string& metric, const std::string& statistic,
                      std::optional<std::uint32_t> stage, double value) {
  MeasuredFigure result;
  result.metric = metric;
  result.statistic = statistic;
  result.stage = stage;
  result.value = value;
  return result;
}

TEST(Interpolation, LeavesTheStagesOwnValueOut) {
  Point point;
  for (std::uint32_t stage = 1; stage <= 3; ++stage)
    point.figures.push_back(figure("ttft_seconds", "mean", stage, stage == 2 ? 999 : 10.0 * stage));
  point.figures.push_back(figure("ttft_seconds", "p50", 3, 555));
  const std::vector<OfferedLoad> loads{{1, 1, 20, 20, 1, 1}, {2, 2, 20, 40, 1, 1}, {3, 3, 20, 60, 1, 1}};
  EXPECT_DOUBLE_EQ(*predict_by_interpolation({point, loads}, point.figures[1]), 20);
  EXPECT_FALSE(predict_by_interpolation({point, loads}, point.figures[3]));
  EXPECT_FALSE(predict_by_interpolation({point, loads}, figure("ttft_seconds", "mean", {}, 1)));
}

// M/M/1: a share rho waits, rho / (mu - lambda) in the mean, P(wait > t) = rho exp(-(mu - lambda) t).
TEST(Queue, OneServerIsTheTextbooks) {
  const Queue queue{1, 0.5, 1.5, 60};
  EXPECT_DOUBLE_EQ(queue.waiting_share(), 0.75);
  EXPECT_DOUBLE_EQ(queue.mean_wait_seconds(), 1.5);
  EXPECT_DOUBLE_EQ(queue.wait_seconds_at(0.9), std::log(7.5) / 0.5);
  EXPECT_EQ(queue.wait_seconds_at(0.2), 0);  // a quarter does not wait
}

// M/M/2: C = 2 rho^2 / (1 + rho); M/M/3 with 2 Erlangs: C = 4/9.
TEST(Queue, SeveralServersFollowErlangsFormula) {
  EXPECT_NEAR((Queue{2, 1, 1.2, 60}).waiting_share(), 2 * 0.36 / 1.6, 1e-12);
  EXPECT_NEAR((Queue{3, 1, 2, 60}).waiting_share(), 4.0 / 9, 1e-12);
  EXPECT_NEAR((Queue{3, 1, 2, 60}).mean_wait_seconds(), 4.0 / 9, 1e-12);
}

// 3/s before a capacity of 2/s: after 60 s of arrivals 60 requests are left, which take 30 s.
TEST(Queue, OverItsCapacityTheWaitGrowsAlongTheStage) {
  const Queue queue{2, 1, 3, 60};
  EXPECT_DOUBLE_EQ(queue.mean_wait_seconds(), 15);
  EXPECT_DOUBLE_EQ(queue.wait_seconds_at(0.9), 27);
}

// p = 0.1 s, t(b) = 0.01 + 0.001 b seconds, 100 output tokens, 64 slots.
RooflineStep dense() {
  RooflineStep step;
  step.prefill_seconds = 0.1;
  step.slots = 64;
  step.prompt_tokens = 950;
  step.output_tokens = 100;
  step.weight_bytes = 10;
  step.kv_bytes_per_token = 0.001;
  step.bytes_per_second = 1000;
  return step;
}

// l r(b) = 1: b = l O W / (1 - l p - l O k) with W = 0.01 s, k = 0.001 s. At 2/s of one replica:
// b = 2 / (1 - 0.2 - 0.2) = 10/3, TPOT = b / (l O) = 1/60 s.
TEST(Roofline, TheBatchFollowsFromLittlesLaw) {
  const RooflineService service = serve(dense(), 1, 2);
  EXPECT_NEAR(service.batch, 10.0 / 3, 1e-9);
  EXPECT_NEAR(service.tpot_seconds, 1.0 / 60, 1e-9);
  EXPECT_DOUBLE_EQ(service.ttft_seconds, 0.1);
  EXPECT_NEAR(service.e2e_seconds, 0.1 + 99.0 / 60, 1e-9);
  EXPECT_NEAR(serve(dense(), 4, 8).batch, 10.0 / 3, 1e-9);
}

// r(64) = 0.1 + 100 x 0.074 / 64 = 0.215625 s.
TEST(Roofline, ItsCapacityIsThatOfFullSlots) {
  const RooflineService service = serve(dense(), 2, 1000);
  EXPECT_DOUBLE_EQ(service.capacity, 2 / 0.215625);
  EXPECT_EQ(service.batch, 64);
  EXPECT_DOUBLE_EQ(service.tpot_seconds, 0.215625 * 64 / 100);
}

// 200 requests in 20 s before 5/s: 40 s of clearing and 2 s of drain.
TEST(Roofline, ThroughputCountsTheDrain) {
  const OfferedLoad load{1, 10, 20, 200, 1000, 100};
  EXPECT_DOUBLE_EQ(*throughput(load, 5, 2, "duration_seconds"), 42);
  EXPECT_DOUBLE_EQ(*throughput(load, 50, 2, "requests_per_second"), 200.0 / 22);
  EXPECT_DOUBLE_EQ(*throughput(load, 50, 2, "output_tokens_per_second"), 20000.0 / 22);
  EXPECT_FALSE(throughput(load, 50, 2, "hit_ratio"));
}

sim::Pool pool_of(const std::string& model) {
  static const sim::FleetInputs inputs = sim::load_fleet_inputs();
  const std::string yaml = "model: " + model + "\naccelerator: H100-SXM-80\n";
  return sim::read_fleet(*parse_yaml(yaml, "f.yaml").root, "f.yaml", inputs).pools.at(0);
}

// A dense model: one step reads all weights and the KV of the batch at half of the bandwidth; the prompt's
// products alone take 2 FLOPs a parameter and token, embeddings apart, at half of the peak.
TEST(Roofline, StepsComeFromTheModelsBytesAndOperations) {
  const sim::Pool pool = pool_of("Llama-3.1-8B");
  const RooflineStep step = roofline_step(pool, 1000, 200);
  const double bandwidth = pool.accelerator.memory_bandwidth_bytes_per_second.value / 2;
  const double weights = models::weight_bytes_per_rank(pool.model, pool.types, 1);
  const double kv = models::kv_bytes_per_token_per_rank(pool.model, pool.types.kv, 1);
  EXPECT_DOUBLE_EQ(step.decode_seconds(8), (weights + 8 * 1100 * kv) / bandwidth);
  const double flops = pool.accelerator.rate(NumberType::kBf16).flops_per_second.value / 2;
  const double in_layers = static_cast<double>(models::parameters(pool.model)) -
                           2.0 * static_cast<double>(pool.model.vocabulary * pool.model.hidden);
  const double products = 2 * in_layers * 1000 / flops;
  EXPECT_GT(step.prefill_seconds, products);
  EXPECT_LT(step.prefill_seconds, 1.05 * products);  // attention, over 1,000 tokens
}

TEST(Roofline, AMixtureReadsTheExpertsItsTokensTouch) {
  const RooflineStep step = roofline_step(pool_of("Qwen3-30B-A3B"), 1000, 200);
  EXPECT_GT(step.experts, 0);
  const double kv = 1100 * step.kv_bytes_per_token;
  EXPECT_NEAR(step.decode_seconds(1) * step.bytes_per_second,
              step.weight_bytes + kv + step.experts_per_token * step.expert_bytes, 1);
  EXPECT_NEAR(step.decode_seconds(4096) * step.bytes_per_second,
              step.weight_bytes + 4096 * kv + step.experts * step.expert_bytes, 1e6);
}

}  // namespace
}  // namespace kvsim::validation
