// SPDX-License-Identifier: Apache-2.0
// Every broken fleet is refused with its place and what to do about it.
#include <gtest/gtest.h>

#include <regex>

#include "tests/sim/scenario/inputs.h"

namespace kvsim::sim {
namespace {

std::string alias_bomb() {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) text += before + (j < 9 ? ", " : "]\n");
  }
  return text;
}

std::vector<Broken> broken_fleets() {
  return {
      {"empty file", "", "", ""},
      {"only a comment", "# nothing\n", "", ""},
      {"a list", "- 1\n- 2\n", "found a list", "map"},
      {"a number", "42\n", "", "map"},
      {"binary", std::string("\x00\xff\xfe\x01", 4), "", ""},
      {"not UTF-8", "name: \xc3\x28\n", "", ""},
      {"truncated", "pools: [{model: Llama-3.1-8B, acceler", "", ""},
      {"tab as indent", "pools:\n\t- model: x\n", "", ""},
      {"alias bomb", alias_bomb(), "", ""},
      {"nothing in it", "name: x\n", "no pool", "`model:`"},
      {"no pools in the list", "pools: []\n", "no pool", "list of maps"},
      {"pools is a text", "pools: many\n", "found \"many\"", "list of maps"},
      {"no model", "accelerator: H100-SXM-80\n", "no model", "config.json"},
      {"no accelerator", "model: Llama-3.1-8B\n", "no accelerator", "catalog list"},
      {"unknown accelerator", "model: Llama-3.1-8B\naccelerator: MI325\n", "'MI325'", "MI325X"},
      {"unknown model", "model: Llama-3.1-8\naccelerator: L40S\n", "'Llama-3.1-8'", "Llama-3.1-8B"},
      {"unknown key", pool("repicas: 2\n"), "'repicas'", "did you mean 'replicas'"},
      {"unknown engine flag", pool("engine: {max_num_seq: 2}\n"), "'max_num_seq'", "max_num_seqs"},
      {"unknown type key", pool("types: {weight: fp8}\n"), "'weight'", "weights"},
      {"duplicate key", pool("replicas: 1\nreplicas: 2\n"), "", ""},
      {"flag in two spellings", pool("engine: {max_num_seqs: 1, --max-num-seqs: 2}\n"), "twice", "keep one"},
      {"replicas negative", pool("replicas: -1\n"), "\"-1\"", "from 1 to"},
      {"replicas not whole", pool("replicas: 1.5\n"), "\"1.5\"", "whole number"},
      {"replicas zero", pool("replicas: 0\n"), "\"0\"", "from 1"},
      {"replicas huge", pool("replicas: 99999999999999999999\n"), "99999", "whole number"},
      {"replicas a list", pool("replicas: [1]\n"), "found a list", "whole number"},
      {"NaN share", pool("engine: {gpu_memory_utilization: .nan}\n"), "nan", "above 0"},
      {"infinite price", pool("accelerator_price_per_hour: .inf\n"), "inf", "from 0"},
      {"1e308", pool("frontend_seconds: 1e308\n"), "1e308", "from 0 to"},
      {"share over one", pool("engine: {gpu_memory_utilization: 1.2}\n"), "1.2", "up to 1"},
      {"percent sign", pool("engine: {gpu_memory_utilization: 90%}\n"), "90%", "number"},
      {"length with a wrong unit", pool("engine: {max_model_len: 8 kB}\n"), "'8 kB'", "8192"},
      {"length negative", pool("engine: {max_model_len: -5}\n"), "'-5'", "from 1"},
      {"switch as a number", pool("engine: {enable_prefix_caching: 1}\n"), "\"1\"", "true or false"},
      {"unknown scheduling", pool("engine: {scheduling_policy: lifo}\n"), "lifo", "fcfs"},
      {"budget under sequences", pool("engine: {max_num_batched_tokens: 64, max_num_seqs: 128}\n"),
       "128 sequences", "lower max_num_seqs"},
      {"budget under length",
       pool("engine: {enable_chunked_prefill: false, max_num_batched_tokens: 2048, max_model_len: 4096}\n"),
       "chunked prefill is off", "raise it"},
      {"image as version", pool("engine: {version: llm-d-cuda v0.6.0}\n"), "not a version", "vllm --version"},
      {"engine a text", pool("engine: fast\n"), "\"fast\"", "map"},
      {"unknown type", pool("types: {kv: fp9}\n"), "'fp9'", "fp8"},
      {"type that is not supported", "model: Llama-3.1-8B\naccelerator: Gaudi3\ntypes: {weights: mxfp4}\n",
       "does not support mxfp4", "bf16"},
      {"types in contradiction", pool("types: {kv: bf16}\nengine: {kv_cache_dtype: fp8}\n"),
       "kv_cache_dtype says fp8", "keep one"},
      {"unknown quantization", pool("engine: {quantization: magic}\n"), "'magic'", "fp8"},
      {"does not fit", "model: Llama-3.1-70B\naccelerator: H100-SXM-80\n", "GiB short", "use tp: 4"},
      {"fits nowhere", "model: DeepSeek-V3\naccelerator: L4\n", "GiB short", "more memory"},
      {"no room for one sequence", "model: Llama-3.1-8B\naccelerator: L4\n", "131072 tokens",
       "max_model_len to at most"},
      {"no room in given blocks", pool("engine: {num_gpu_blocks_override: 100}\n"), "1584 tokens",
       "at most 1584"},
      {"tp does not divide", pool("tp: 3\n"), "does not divide", "1, 2, 4, 8"},
      {"tp beyond the server",
       "servers: [{name: s, accelerator: L40S, accelerators: 2}]\npools: [{model: Llama-3.1-8B, server: s, "
       "tp: 4}]\n",
       "more than the 2 accelerators", "up to 2"},
      {"unknown server", "pools: [{model: Llama-3.1-8B, server: box}]\n", "'box'", "`servers`"},
      {"server without accelerators", pool("servers: [{name: s, accelerator: L40S}]\n"), "missing",
       "add the key"},
      {"server against accelerator",
       "servers: [{name: s, accelerator: L40S, accelerators: 2}]\npools: [{model: Llama-3.1-8B, server: s, "
       "accelerator: L4}]\n",
       "server s has L40S", "keep only"},
      {"memory with a wrong unit",
       pool("servers: [{name: s, accelerator: L40S, accelerators: 2, host_memory: 2 tons}]\n"), "2 tons",
       "80GiB"},
      {"two pools of a name",
       "pools:\n  - {name: a, model: Llama-3.1-8B, accelerator: L40S, engine: {max_model_len: 8192}}\n"
       "  - {name: a, model: Llama-3.1-8B, accelerator: H100-SXM-80}\n",
       "second pool", "own `name`"},
      {"shorthand beside pools", pool("pools: [{model: Llama-3.1-8B, accelerator: H200}]\n"), "stands beside",
       "move it"},
      {"unknown site", pool("site: moon\nsites: [{name: earth}]\n"), "'moon'", "earth"},
      {"several sites, none chosen", pool("sites: [{name: a}, {name: b}]\n"), "no site", "a, b"},
      {"rtt to nowhere", pool("sites: [{name: a, rtt: {b: 3ms}}]\n"), "'b'", "a"},
      {"rtt in dispute",
       "sites: [{name: a, rtt: {b: 3ms}}, {name: b, rtt: {a: 4ms}}]\npools: [{site: a, model: Llama-3.1-8B, "
       "accelerator: H200}]\n",
       "disagree", "once"},
      {"rtt with a wrong unit", pool("sites: [{name: a, client_rtt: 3 parsecs}]\n"), "3 parsecs", "250ms"},
      {"unknown router", pool("router: {policy: round-robbin}\n"), "round-robbin",
       "did you mean 'round-robin'"},
      {"router a text", pool("router: random\n"), "\"random\"", "map"},
      {"unknown router parameter", pool("router: {policy: random, parameters: {weight: 2}}\n"), "'weight'",
       ""},
      {"limit without sense", pool("slo_classes: [{name: a, ttft: -1s}]\n"), "-1s", "duration"},
      {"limit of zero", pool("slo_classes: [{name: a, ttft: 0}]\n"), "limit of 0", "500ms"},
      {"class without a name", pool("slo_classes: [{ttft: 1s}]\n"), "missing", "add the key"},
      {"class twice", pool("slo_classes: [{name: a}, {name: a}]\n"), "second time", "own name"},
      {"tenant of no class", pool("tenants: [{name: t, slo_class: gold}]\n"), "'gold'", "slo_classes"},
      {"unknown isolation", pool("tenants: [{name: t, isolation: sugar}]\n"), "sugar", "salt"},
      {"unknown profile", pool("profile: wonder\n"), "'wonder'", "prior"},
      {"profile file that is not there", pool("profile: none/such.yaml\n"), "none/such.yaml", ""},
      {"config.json that is not there", "model: none/config.json\naccelerator: L40S\n", "none/config.json",
       ""},
      {"from a file that is not there", "pools: [{from: none/values.yaml}]\n", "none/values.yaml", ""},
      {"a pool beside from", "pools: [{from: values.yaml, replicas: 3}]\n", "'replicas'", "set"},
  };
}

TEST(BrokenFleets, each_is_refused_with_its_place_and_a_remedy) {
  EXPECT_GE(broken_fleets().size(), 60u);
  for (const Broken& broken : broken_fleets()) {
    const std::string message = problems_of(broken.yaml);
    EXPECT_FALSE(message.empty()) << broken.what;
    EXPECT_NE(message.find(broken.found), std::string::npos) << broken.what << ": " << message;
    EXPECT_NE(message.find(broken.remedy), std::string::npos) << broken.what << ": " << message;
  }
}

TEST(BrokenFleets, each_message_names_file_and_line) {
  const std::regex place("(fleet\\.yaml:[0-9]+|[a-z/]+\\.(yaml|json))(.|\\n)*");
  for (const Broken& broken : broken_fleets()) {
    if (broken.found.empty()) continue;  // files that no parser gets a line out of
    EXPECT_TRUE(std::regex_match(problems_of(broken.yaml), place))
        << broken.what << ": " << problems_of(broken.yaml);
  }
}

TEST(BrokenFleets, all_problems_are_told_at_once) {
  const std::string message = problems_of(
      "model: Llama-3.1-9B\naccelerator: H1000\nreplicas: -1\nrouter: {policy: x}\nslo_classes: [{nam: "
      "y}]\n");
  for (const char* part : {":1:", ":2:", ":3:", ":4:", ":5:"}) {
    EXPECT_NE(message.find(std::string("fleet.yaml") + part), std::string::npos) << message;
  }
}

TEST(BrokenFleets, any_truncated_fleet_is_read_or_refused) {
  const std::string whole =
      "sites: [{name: a, client_rtt: 5ms}]\nservers:\n  - {name: s, accelerator: L40S, accelerators: 4}\n"
      "pools:\n  - model: Qwen3-8B\n    server: s\n    engine: {max_model_len: 8K, \"--max-num-seqs\": 32}\n"
      "tenants: [{name: t, isolation: salt}]\n";
  for (std::size_t size = 0; size < whole.size(); ++size) problems_of(whole.substr(0, size));
  EXPECT_EQ(problems_of(whole), "");
}

}  // namespace
}  // namespace kvsim::sim
