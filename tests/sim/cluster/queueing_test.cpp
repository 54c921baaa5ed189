// SPDX-License-Identifier: Apache-2.0
// A replica with one seat whose step takes as long as the prompt is a single-server queue: does it give the
// textbook waits? Pollaczek-Khinchine: W = lambda E[S^2] / (2 (1 - rho)).
//   M/M/1: E[S^2] = 2 s^2, W = rho s / (1 - rho);  M/D/1: half of it;  M/G/1 here: S = s/2 or 3s with
//   probabilities 4/5 and 1/5 (mean s), E[S^2] = s^2 (0.8/4 + 0.2 x 9) = 2 s^2.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "base/random.h"
#include "sim/cluster/simulation.h"
#include "tests/sim/support/fleets.h"

namespace kvsim {
namespace {

constexpr double kMeanServiceTokens = 100'000;
constexpr double kTokenSeconds = 1e-6;  // so the mean service time is 0.1 s
constexpr std::uint64_t kBatches = 40, kPerBatch = 6000;

using ServiceTokens = std::function<double(RandomStream&)>;

class PoissonSource final : public traces::Source {
 public:
  PoissonSource(double load, ServiceTokens service, std::uint64_t seed)
      : gap_(kMeanServiceTokens * kTokenSeconds / load),
        service_(std::move(service)),
        arrivals_(seed, "arrivals"),
        services_(seed, "services") {
    time_ = arrivals_.exponential(gap_);
  }
  std::optional<Nanoseconds> next_arrival() override {
    if (given_ == kBatches * kPerBatch) return {};
    return from_seconds(time_);
  }
  traces::Request take() override {
    traces::Request request;
    request.id = given_++;
    request.arrival = request.intended = from_seconds(time_);
    request.input_tokens = static_cast<std::uint32_t>(std::max(1.0, std::round(service_(services_))));
    request.output_tokens = 1;
    request.prompt = {{1000 + request.id, 0, request.input_tokens}};
    time_ += arrivals_.exponential(gap_);
    return request;
  }
  bool exhausted() override { return given_ == kBatches * kPerBatch; }
  const traces::Names& names() const override { return names_; }
  std::string description() const override { return "poisson"; }

 private:
  double gap_;
  ServiceTokens service_;
  RandomStream arrivals_, services_;
  traces::Names names_;
  double time_ = 0;
  std::uint64_t given_ = 0;
};

struct Waits final : sim::Observer {
  std::vector<double> sums = std::vector<double>(kBatches, 0.0);
  void on_finished(const sim::RequestRecord& record) override {
    sums[record.id / kPerBatch] += to_seconds(record.scheduled - record.queued);
  }
};

struct Estimate {
  double mean = 0;
  double half_width = 0;
};

Estimate waits_of(double load, const ServiceTokens& service) {
  auto times = std::make_shared<testing::LinearStepTime>();
  times->step_seconds = times->decode_seconds = times->context_token_seconds = 0;
  times->prefill_token_seconds = kTokenSeconds;
  sim::Pool pool = testing::plain_pool("server", times);
  pool.engine.max_num_seqs = 1;
  pool.engine.prefix_caching = false;
  pool.engine.max_num_batched_tokens = pool.engine.max_model_len = 1'000'000'000;
  pool.kv_blocks = 100'000'000;
  PoissonSource source(load, service, 20260);
  Waits waits;
  sim::simulate(testing::plain_fleet(pool), source, waits, {});
  Estimate estimate;
  for (const double sum : waits.sums) estimate.mean += sum / (kBatches * kPerBatch);
  double squares = 0;
  for (const double sum : waits.sums) squares += std::pow(sum / kPerBatch - estimate.mean, 2);
  const double t_quantile = 2.708;  // Student, 39 degrees of freedom, 99 % two-sided
  estimate.half_width = t_quantile * std::sqrt(squares / (kBatches - 1) / kBatches);
  return estimate;
}

void expect_wait(double second_moment_over_square, const ServiceTokens& service) {
  for (const double load : {0.3, 0.7, 0.9}) {
    const double mean_service = kMeanServiceTokens * kTokenSeconds;
    const double textbook = load * mean_service * second_moment_over_square / (2 * (1 - load));
    const Estimate estimate = waits_of(load, service);
    EXPECT_NEAR(estimate.mean, textbook, estimate.half_width) << "load " << load;
    EXPECT_LT(estimate.half_width, 0.25 * textbook) << "load " << load << ": the interval says something";
  }
}

TEST(Queueing, ExponentialServiceWaitsLikeMM1) {
  expect_wait(2, [](RandomStream& draw) { return draw.exponential(kMeanServiceTokens); });
}

TEST(Queueing, ConstantServiceWaitsLikeMD1) {
  expect_wait(1, [](RandomStream&) { return kMeanServiceTokens; });
}

TEST(Queueing, TwoPointServiceWaitsLikeMG1) {
  expect_wait(2, [](RandomStream& draw) { return kMeanServiceTokens * (draw.uniform() < 0.8 ? 0.5 : 3.0); });
}

}  // namespace
}  // namespace kvsim
