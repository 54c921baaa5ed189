// SPDX-License-Identifier: Apache-2.0
// Are the summaries of fast-forward and reference runs the same to the byte, with real models and workloads?
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/random.h"
#include "tests/random_cases.h"
#include "tests/sim/support/summaries.h"
#include "traces/open_source.h"
#include "traces/workload.h"

namespace kvsim {
namespace {

using testing::fleet_of;
using testing::json_of;
using testing::run_to_summary;

struct Deployment {
  const char* model;
  const char* accelerator;
  int tp;
};
// Dense, mixtures of experts, latent attention, sliding window, walking attention, emulated types; several
// vendors.
constexpr Deployment kDeployments[] = {
    {"Llama-3.1-8B", "A100-80-SXM", 1},  {"Llama-3.1-8B", "L4", 1},
    {"granite-4.1-8b", "Gaudi3", 1},     {"sarvam-30b", "MI325X", 1},
    {"Qwen3-30B-A3B", "H100-NVL-94", 1}, {"Mixtral-8x7B", "H100-SXM-80", 2},
    {"gpt-oss-120b", "H200-SXM", 1},     {"DeepSeek-V3", "MI325X", 8},
    {"Llama-3.1-70B", "MI300X", 2},      {"granite-4.1-8b", "MI325X", 1},
};

std::string random_pool(RandomStream& draw, const char* name) {
  const Deployment& on = kDeployments[draw.below(std::size(kDeployments))];
  std::string engine = fmt::format("version: {}", draw.below(2) == 0 ? "\"0.19.0\"" : "\"0.10.0\"");
  if (draw.below(2) == 0) engine += fmt::format(", max_num_seqs: {}", 1 + draw.below(40));
  if (draw.below(2) == 0) engine += fmt::format(", max_num_batched_tokens: {}", 64 + draw.below(4000));
  if (draw.below(3) == 0) engine += ", scheduling_policy: priority";
  if (draw.below(3) == 0) engine += ", enable_prefix_caching: false";
  engine += ", max_model_len: 4096";
  if (draw.below(2) == 0) engine += fmt::format(", num_gpu_blocks_override: {}", 260 + draw.below(300));
  if (std::string(on.accelerator) == "Gaudi3") engine += ", block_size: 16";
  return fmt::format("  - {{name: {}, model: {}, accelerator: {}, tp: {}, replicas: {}, engine: {{{}}}}}\n",
                     name, on.model, on.accelerator, on.tp, 1 + draw.below(3), engine);
}

std::string random_workload(RandomStream& draw) {
  std::string text = fmt::format(
      "kind: generate\nrequests: {}\narrivals: {{process: poisson, rate: {:.3f}}}\n"
      "shared_prompts:\n  - {{name: system, tokens: {}}}\n",
      40 + draw.below(200), 0.5 + 30 * draw.uniform() * draw.uniform(), 16 + draw.below(600));
  text += fmt::format("input_tokens: {{distribution: lognormal, median: {}, p95: {}}}\n",
                      20 + draw.below(200), 400 + draw.below(600));
  text += fmt::format("output_tokens: {{distribution: uniform, min: 1, max: {}}}\n", 2 + draw.below(400));
  if (draw.below(2) == 0) text += fmt::format("timeout: {}s\n", 1 + draw.below(20));
  if (draw.below(2) == 0)
    text +=
        "sessions:\n  turns: {distribution: geometric, mean: 3}\n"
        "  think_seconds: {distribution: exponential, mean: 2}\n  context_cap_tokens: 3000\n";
  return text;
}

class TemporaryWorkload {
 public:
  explicit TemporaryWorkload(const std::string& yaml)
      : path_((std::filesystem::temp_directory_path() / fmt::format("kvsim_exact_{}.yaml", ::getpid()))
                  .string()) {
    std::ofstream(path_) << yaml;
  }
  ~TemporaryWorkload() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void expect_same(const sim::Fleet& fleet, const std::string& input, const traces::TraceOptions& reading,
                 sim::Summary& fast) {
  sim::RunOptions by_rows, by_steps;
  by_rows.seed = by_steps.seed = reading.seed;
  by_steps.reference = true;
  const auto first = traces::open_source(input, reading), second = traces::open_source(input, reading);
  fast = run_to_summary(fleet, *first, by_rows);
  ASSERT_EQ(json_of(fast), json_of(run_to_summary(fleet, *second, by_steps)));
}

TEST(ExactSummaries, RandomWorkloadsOnRealModels) {
  const int cases = random_cases(240);
  std::uint64_t preemptions = 0, timeouts = 0, hits = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(cases); ++seed) {
    RandomStream draw(seed, "exact-summaries");
    std::string yaml = "name: random\npools:\n" + random_pool(draw, "first");
    const bool one_model = draw.below(2) == 0;
    if (!one_model) yaml += "router: {policy: power-of-two}\n";
    const std::string workload = random_workload(draw);
    SCOPED_TRACE(fmt::format("seed {}\n{}\n{}", seed, yaml, workload));
    const TemporaryWorkload file(workload);
    traces::TraceOptions reading;
    reading.seed = seed;
    sim::Summary summary;
    ASSERT_NO_FATAL_FAILURE(expect_same(fleet_of(yaml), file.path(), reading, summary));
    preemptions += summary.total.preemptions;
    timeouts += summary.total.requests.failed;
    hits += summary.total.cache.hit_tokens_gpu;
  }
  EXPECT_GT(preemptions, 0u);
  EXPECT_GT(timeouts, 0u);
  EXPECT_GT(hits, 0u);
}

struct PublicTrace {
  const char* name;
  const char* file;
  int requests;
  int replicas;
  friend void PrintTo(const PublicTrace& trace, std::ostream* out) { *out << trace.name; }
};

class PublicTraces : public ::testing::TestWithParam<PublicTrace> {};

TEST_P(PublicTraces, GiveTheSameSummaryStepByStep) {
  const char* folder = std::getenv("KVSIM_TRACE_DIR");
  if (folder == nullptr) GTEST_SKIP() << "KVSIM_TRACE_DIR is not set";
  traces::TraceOptions reading;
  reading.max_requests = static_cast<std::uint64_t>(random_cases(GetParam().requests));
  const sim::Fleet fleet =
      fleet_of(fmt::format("name: public\nmodel: Qwen3-30B-A3B\naccelerator: H200-SXM\nreplicas: {}\n"
                           "engine: {{max_model_len: 262144}}\nrouter: {{policy: least-request}}\n",
                           GetParam().replicas));
  sim::Summary summary;
  expect_same(fleet, std::string(folder) + "/" + GetParam().file, reading, summary);
  EXPECT_EQ(summary.total.requests.offered, reading.max_requests);
}

INSTANTIATE_TEST_SUITE_P(
    All, PublicTraces,
    ::testing::Values(PublicTrace{"ConversationOn8", "mooncake_conversation_trace.jsonl.zst", 12'031, 8},
                      PublicTrace{"ConversationOn64", "mooncake_conversation_trace.jsonl.zst", 12'031, 64},
                      PublicTrace{"SyntheticOn16", "mooncake_synthetic_trace.jsonl.zst", 3'993, 16},
                      PublicTrace{"CodeOn16", "AzureLLMInferenceTrace_code_2023.csv", 8'819, 16},
                      PublicTrace{"ChatOn8", "AzureLLMInferenceTrace_conv_2023.csv", 19'366, 8}),
    [](const ::testing::TestParamInfo<PublicTrace>& trace) { return trace.param.name; });

TEST(PublicTrace, OneReplicaWithUnlimitedCacheFindsAllReuse) {
  const char* folder = std::getenv("KVSIM_TRACE_DIR");
  if (folder == nullptr) GTEST_SKIP() << "KVSIM_TRACE_DIR is not set";
  const sim::Fleet fleet = fleet_of(
      "name: unlimited\nmodel: Llama-3.1-8B\naccelerator: H200-SXM\nreplicas: 1\n"
      "engine: {max_model_len: 262144, num_gpu_blocks_override: 20000000}\n");
  const auto source = traces::open_source(std::string(folder) + "/mooncake_conversation_trace.jsonl.zst", {});
  const sim::Summary summary = testing::run_to_summary(fleet, *source, {});
  EXPECT_EQ(summary.total.requests.completed, 12'031u);
  EXPECT_EQ(summary.total.cache.hit_tokens_gpu, 54'097'440u);
  EXPECT_EQ(summary.total.cache.prompt_tokens, 144'793'823u);
}

}  // namespace
}  // namespace kvsim
