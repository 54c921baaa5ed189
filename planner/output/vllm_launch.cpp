// SPDX-License-Identifier: Apache-2.0
#include "planner/output/vllm_launch.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "planner/output/kv_transfer.h"
#include "sim/replica/engine_defaults.h"
#include "sim/scenario/resolve_engine.h"
#include "sim/scenario/resolve_types.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::planner {
namespace {

using sim::EngineSpec;

// --- engine settings ---
sim::EngineSettings defaults_of(const sim::Pool& pool) {
  sim::EngineSettings defaults =
      sim::default_engine_settings(pool.accelerator, pool.model, pool.engine.version);
  defaults.block_size_tokens =
      sim::default_block_size(pool.accelerator, pool.model, pool.engine.max_model_len);
  return defaults;
}

std::string text(const std::string& value) { return value; }
std::string text(double value) { return sim::yaml_number(value); }
std::string text(std::uint64_t value) { return fmt::format("{}", value); }
std::string text(bool value) { return value ? "true" : "false"; }

struct Flag {
  std::string name;
  std::string value;  // empty: not given
  bool is_switch = false;
};

std::vector<Flag> flags_of(const EngineSpec& engine) {
  std::vector<Flag> flags;
  sim::visit_engine(
      engine, [&]<class T, class Form>(std::string_view key, const sim::Setting<T>& setting, const Form&) {
        flags.push_back({std::string(key), setting.given() ? text(*setting) : "", std::is_same_v<T, bool>});
      });
  std::erase_if(flags, [](const Flag& flag) { return flag.name == "version"; });
  return flags;
}

std::string as_word(const Flag& flag) {
  std::string name = flag.name;
  std::replace(name.begin(), name.end(), '_', '-');
  if (!flag.is_switch) return fmt::format("--{}={}", name, flag.value);
  return (flag.value == "true" ? "--" : "--no-") + name;
}

// --- types ---
auto parts(const models::Types& types) {
  return std::tie(types.weights, types.expert_weights, types.embeddings, types.matmul, types.attention,
                  types.kv);
}

sim::Setting<std::string> maybe(const std::string& text) {
  return text.empty() ? sim::Setting<std::string>{} : sim::Setting<std::string>{text, {}};
}

// The fewest of vLLM's flags that give the pool's types, as the reader of fleets understands them.
bool say_types(const sim::Pool& pool, EngineSpec& engine) {
  const std::string kv(name(pool.types.kv));
  for (const std::string& kv_cache_dtype : {std::string(), kv})
    for (const char* quantization : {"", "fp8", "awq", "experts_int8", "mxfp4"})
      for (const char* dtype : {"", "bf16", "fp16", "fp32"}) {
        sim::PoolSpec spec;
        spec.engine.kv_cache_dtype = engine.kv_cache_dtype = maybe(kv_cache_dtype);
        spec.engine.quantization = engine.quantization = maybe(quantization);
        spec.engine.dtype = engine.dtype = maybe(dtype);
        Problems problems;
        const models::Types types = sim::resolve_types(spec, pool.model, pool.accelerator, problems);
        if (parts(types) == parts(pool.types)) return true;
      }
  engine.kv_cache_dtype = engine.quantization = engine.dtype = {};
  return false;
}

std::string hugging_face_id(const models::ModelCard& model) {
  const auto found = std::find_if(model.aliases.begin(), model.aliases.end(), [](const std::string& alias) {
    return alias.find('/') != std::string::npos;
  });
  return found == model.aliases.end() ? model.name : *found;
}

}  // namespace

VllmLaunch vllm_launch(const sim::Pool& pool, const std::vector<sim::StorageSystemSettings>& storage) {
  VllmLaunch launch{.model = hugging_face_id(pool.model)};
  EngineSpec engine = sim::engine_spec(pool.engine);
  engine.enforce_eager.value = pool.enforce_eager;
  engine.served_model_name = maybe(pool.served_model_name);
  if (!say_types(pool, engine)) launch.unsaid.emplace_back("types");
  EngineSpec usual = sim::engine_spec(defaults_of(pool));
  usual.max_model_len.value = pool.model.max_context_tokens;
  usual.enforce_eager.value = false;
  const std::vector<Flag> flags = flags_of(engine), defaults = flags_of(usual);
  for (std::size_t i = 0; i < flags.size(); ++i)
    if (!flags[i].value.empty() && flags[i].value != defaults[i].value)
      launch.flags.push_back(as_word(flags[i]));
  add_transfers(pool, storage, launch);
  return launch;
}

}  // namespace kvsim::planner
