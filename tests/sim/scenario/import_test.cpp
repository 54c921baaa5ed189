// SPDX-License-Identifier: Apache-2.0
// What comes over from the files that deploy a real fleet, and what is asked.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sim/scenario/import_fleet.h"
#include "tests/own_folder.h"
#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

using Answers = std::vector<std::pair<std::string, std::string>>;

std::string written(const std::string& name, const std::string& text) {
  const auto folder = own_folder("kvsim_import_test");
  std::filesystem::create_directories(folder);
  std::ofstream(folder / name) << text;
  return (folder / name).string();
}

std::string imported(const std::string& source, const Answers& answers = {}) {
  return import_fleet({source, "", answers}, shipped());
}

std::string refusal(const std::string& source, const Answers& answers = {}) {
  try {
    return "no refusal: " + imported(source, answers);
  } catch (const InputError& error) {
    return error.what();
  }
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string data(const std::string& name) {
  return std::string(KVSIM_SOURCE_DIR) + "/tests/sim/scenario/data/" + name;
}

TEST(Import, a_command_line_brings_its_flags) {
  const Fleet fleet =
      fleet_of(imported("vllm serve meta-llama/Llama-3.1-8B -tp 2 --max-model-len 32K --max-num-seqs=64 "
                        "--no-enable-prefix-caching "
                        "--kv-cache-dtype fp8 --port 8000 --trust-remote-code --scheduling-policy priority",
                        {{"accelerator", "L40S"}, {"replicas", "3"}}));
  const Pool& pool = fleet.pools[0];
  EXPECT_EQ(pool.model.name, "Llama-3.1-8B");
  EXPECT_EQ(pool.tp, 2u);
  EXPECT_EQ(pool.replicas, 3u);
  EXPECT_EQ(pool.engine.max_model_len, 32768u);
  EXPECT_EQ(pool.engine.max_num_seqs, 64u);
  EXPECT_FALSE(pool.engine.prefix_caching);
  EXPECT_EQ(pool.types.kv, NumberType::kFp8);
  EXPECT_EQ(pool.engine.policy, QueuePolicy::kPriority);
}

TEST(Import, the_accelerator_of_a_command_line_is_asked_for) {
  const std::string message = refusal("vllm serve Llama-3.1-8B");
  EXPECT_TRUE(contains(message, "accelerator is not known")) << message;
  EXPECT_TRUE(contains(message, "--set accelerator=")) << message;
}

TEST(Import, flags_that_are_not_modelled_are_listed) {
  const std::string yaml =
      imported("vllm serve Llama-3.1-8B --enable-expert-parallel --swap-space 4 --made-up=3 --host 0.0.0.0",
               {{"accelerator", "H200"}});
  EXPECT_TRUE(contains(yaml, "--enable-expert-parallel, --swap-space 4, --made-up=3")) << yaml;
  EXPECT_FALSE(contains(yaml, "--host 0.0.0.0,")) << yaml;
}

TEST(Import, a_kv_connector_is_accepted_and_listed) {
  const std::string yaml = imported(
      R"(vllm serve Llama-3.1-8B --kv-transfer-config '{"kv_connector":"NixlConnector","kv_role":"kv_both"}')",
      {{"accelerator", "H200"}});
  EXPECT_TRUE(contains(yaml, "NixlConnector (kv_both): KV is handed over between pools")) << yaml;
  EXPECT_TRUE(
      contains(refusal("vllm serve Llama-3.1-8B --kv-transfer-config '{kv'", {{"accelerator", "H200"}}),
               "--kv-transfer-config"));
}

TEST(Import, a_gaudi_script_brings_lists_and_defaults) {
  const Fleet fleet = fleet_of(imported(data("gaudi.sh"), {{"accelerator", "Gaudi3"}, {"TP", "1"}}));
  const Pool& pool = fleet.pools[0];
  EXPECT_EQ(pool.model.name, "granite-4.1-8b");
  EXPECT_EQ(pool.engine.block_size_tokens, 128u);
  EXPECT_EQ(pool.engine.max_num_seqs, 256u);
  EXPECT_EQ(pool.engine.max_num_batched_tokens, 16384u);
  EXPECT_EQ(pool.engine.max_model_len, 9216u);
  EXPECT_DOUBLE_EQ(pool.engine.gpu_memory_utilization, 0.75);
  EXPECT_EQ(fleet.name, "gaudi");
}

TEST(Import, a_variable_that_matters_is_asked_for_by_name) {
  const std::string message = refusal(data("gaudi.sh"), {{"accelerator", "Gaudi3"}});
  EXPECT_TRUE(contains(message, "tp is not known: $TP")) << message;
  EXPECT_TRUE(contains(message, "gaudi.sh:")) << message;
  EXPECT_FALSE(contains(message, "PORT")) << message;  // a port changes nothing
}

TEST(Import, a_container_of_vllm_tells_the_version) {
  const Fleet fleet =
      fleet_of(imported("docker run --gpus all -p 8000:8000 vllm/vllm-openai:v0.25.1 --model Qwen3-8B",
                        {{"accelerator", "H200"}}));
  EXPECT_EQ(fleet.pools[0].engine.version, "0.25.1");
  EXPECT_DOUBLE_EQ(fleet.pools[0].engine.gpu_memory_utilization, 0.92);
}

TEST(Import, an_image_of_another_name_is_asked_about) {
  for (const std::string image : {"ghcr.io/llm-d/llm-d-cuda:v0.6.0", "vllm/vllm-openai:latest"}) {
    for (const char* arguments : {" vllm serve Qwen3-8B", " --model Qwen3-8B"}) {
      const std::string message = refusal("docker run " + image + arguments, {{"accelerator", "H200"}});
      EXPECT_TRUE(contains(message, "does not tell its version")) << message;
    }
  }
}

TEST(Import, helm_values_bring_the_pool_of_the_example) {
  const Fleet fleet =
      load_fleet(std::string(KVSIM_SOURCE_DIR) + "/examples/helm-import/fleet.yaml", shipped());
  ASSERT_EQ(fleet.pools.size(), 1u);
  const Pool& pool = fleet.pools[0];
  EXPECT_EQ(pool.name, "decode");
  EXPECT_EQ(pool.model.name, "Qwen3-32B");
  EXPECT_EQ(pool.accelerator.name, "H100-SXM-80");
  EXPECT_EQ(pool.replicas, 4u);
  EXPECT_EQ(pool.tp, 2u);
  EXPECT_EQ(pool.engine.max_model_len, 32768u);  // from env
  EXPECT_EQ(pool.engine.block_size_tokens, 64u);
  EXPECT_DOUBLE_EQ(pool.engine.gpu_memory_utilization, 0.92);
  EXPECT_TRUE(notes(fleet, "NixlConnector"));
  EXPECT_TRUE(notes(fleet, "volumes"));
}

TEST(Import, values_that_tell_only_a_vendor_ask_for_the_accelerator) {
  const std::string message = refusal(data("amd.yaml"), {{"engine.version", "0.19.0"}});
  EXPECT_TRUE(contains(message, "amd.com/gpu tells only the vendor")) << message;
  EXPECT_TRUE(contains(message, "MI325X")) << message;
  EXPECT_TRUE(contains(message, "the label amd-gpu: \"true\"")) << message;
  EXPECT_TRUE(contains(message, "engine.max_model_len is not known: $(MAX_LEN)")) << message;
}

TEST(Import, answers_settle_what_values_leave_open) {
  const Fleet fleet = fleet_of(
      imported(data("amd.yaml"),
               {{"accelerator", "MI325X"}, {"decode.engine.version", "0.19.0"}, {"MAX_LEN", "16384"}}));
  ASSERT_EQ(fleet.pools.size(), 1u);
  EXPECT_EQ(fleet.pools[0].accelerator.name, "MI325X");
  EXPECT_EQ(fleet.pools[0].engine.max_model_len, 16384u);
  EXPECT_EQ(fleet.pools[0].replicas, 8u);
}

TEST(Import, roles_become_pools_and_that_is_noted) {
  const std::string yaml = imported(data("pd.yaml"), {{"engine.version", "0.19.0"}});
  const Fleet fleet = fleet_of(yaml);
  ASSERT_EQ(fleet.pools.size(), 2u);
  EXPECT_EQ(fleet.pools[0].name, "prefill");
  EXPECT_EQ(fleet.pools[0].replicas, 4u);
  EXPECT_EQ(fleet.pools[1].name, "decode");
  EXPECT_EQ(fleet.pools[1].tp, 4u);
  EXPECT_EQ(fleet.pools[1].accelerator.name, "H200-SXM");
  EXPECT_TRUE(contains(yaml, "roles are not read from values")) << yaml;
}

TEST(Import, an_answer_to_nothing_is_refused) {
  EXPECT_TRUE(contains(refusal("vllm serve Qwen3-8B", {{"accelerator", "H200"}, {"MAXLEN", "5"}}), "MAXLEN"));
  EXPECT_TRUE(
      contains(refusal("vllm serve Qwen3-8B", {{"accelerator", "H200"}, {"x.replicas", "5"}}), "'x'"));
}

TEST(Import, bad_files_are_refused_with_file_and_line) {
  const Answers h200{{"accelerator", "H200"}};
  EXPECT_TRUE(contains(refusal(written("a.yaml", "replicas: 3\n")), "no deployment"));
  EXPECT_TRUE(contains(refusal(written("a.sh", "echo hello\n")), "no `vllm serve` command"));
  EXPECT_TRUE(contains(refusal(written("b.sh", "x\nvllm serve 'Qwen3-8B\n"), h200), "b.sh:"));
  EXPECT_TRUE(
      contains(refusal(written("c.sh", "\n\nvllm serve Qwen3-8B --max-num-seqs many\n"), h200), "c.sh:3"));
  EXPECT_TRUE(
      contains(refusal(written("d.sh", "vllm serve Qwen3-8B --max-num-seqs\n"), h200), "has no value"));
  EXPECT_TRUE(
      contains(refusal(written("e.yaml", "decode: {replicas: -4, containers: [{name: vllm}]}\n")), "\"-4\""));
  EXPECT_TRUE(
      contains(refusal(written("f.yaml", "decode: {containers: [{name: vllm, args: [\"x\"\n")), "f.yaml"));
  EXPECT_TRUE(contains(refusal("/no/such/file.yaml"), "/no/such/file.yaml"));
}

TEST(Import, several_deployments_of_one_file_become_pools_of_their_own) {
  const std::string one =
      "{decode: {replicas: 2, nodeSelector: {nvidia.com/gpu.product: NVIDIA-H200}, "
      "containers: [{name: vllm, args: [\"--max-num-seqs=8\"]}]}, modelArtifacts: {name: Qwen3-8B}}";
  const Fleet fleet = fleet_of(imported(written("two.yaml", "chat: " + one + "\nbatch: " + one + "\n")));
  ASSERT_EQ(fleet.pools.size(), 2u);
  EXPECT_EQ(fleet.pools[0].name, "decode");
  EXPECT_EQ(fleet.pools[1].name, "batch-decode");
  EXPECT_EQ(fleet.pools[1].engine.max_num_seqs, 8u);
}

}  // namespace
}  // namespace kvsim::sim
