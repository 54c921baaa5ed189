// SPDX-License-Identifier: Apache-2.0
// A pool as somebody wrote it, in a fleet YAML or in the files that deploy the real one: what was said and
// where, nothing else. Each setting is declared once, in visit_pool(); reading, merging, writing and the key
// lists follow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/kv_spec.h"
#include "sim/scenario/residency.h"
#include "sim/scenario/role_names.h"
#include "sim/scenario/setting.h"

namespace kvsim::sim {

// Takes over the problems of a file that a setting names; those without a place get `fallback`.
void add_problems(const InputError& error, const Place& fallback, Problems& problems);

std::string inner_path(const std::string& path, std::string_view key);  // "pools[0]", "tp": "pools[0].tp"

Place place_at(const std::string& file, int line, const std::string& path);

struct TypesSpec {
  Setting<std::string> weights, expert_weights, matmul, attention, kv;
};

struct EngineSpec {
  Setting<std::string> version, scheduling_policy, dtype, quantization, kv_cache_dtype, served_model_name;
  Setting<std::uint64_t> max_num_batched_tokens, max_num_seqs, block_size, long_prefill_token_threshold,
      num_gpu_blocks_override;
  Setting<std::uint64_t> max_model_len;  // 0: as long as the KV pool allows
  Setting<double> gpu_memory_utilization, watermark;
  Setting<bool> enable_chunked_prefill, enable_prefix_caching, async_scheduling, scheduler_reserve_full_isl,
      enforce_eager;
};

struct PoolSpec {
  Place place;
  Setting<std::string> name, role, site, model, accelerator, server, profile, step_table, dedicated_to;
  Setting<Labels> labels;
  Setting<std::uint64_t> replicas, tp;
  Setting<double> frontend_seconds, accelerator_price_per_hour, capacity_weight, startup_seconds;
  FrontendSpec frontend;
  KvSpec kv;
  TypesSpec types;
  EngineSpec engine;
};

template <class Spec, class Visit>
void visit_types(Spec& types, Visit&& visit) {
  visit("weights", types.weights, form::Text{});
  visit("expert_weights", types.expert_weights, form::Text{});
  visit("matmul", types.matmul, form::Text{});
  visit("attention", types.attention, form::Text{});
  visit("kv", types.kv, form::Text{});
}

// Keys are vLLM's own flag names.
template <class Spec, class Visit>
void visit_engine(Spec& engine, Visit&& visit) {
  visit("version", engine.version, form::Text{});
  visit("max_num_batched_tokens", engine.max_num_batched_tokens, form::Tokens{1, kManyTokens, false});
  visit("max_num_seqs", engine.max_num_seqs, form::Whole{1, 1'000'000});
  visit("max_model_len", engine.max_model_len, form::Tokens{1, kManyTokens, true});
  visit("block_size", engine.block_size, form::Whole{1, 4096});
  visit("gpu_memory_utilization", engine.gpu_memory_utilization, form::Number{{0, 1, true}});
  visit("num_gpu_blocks_override", engine.num_gpu_blocks_override, form::Whole{2, 1'000'000'000'000});
  visit("enable_chunked_prefill", engine.enable_chunked_prefill, form::Flag{});
  visit("enable_prefix_caching", engine.enable_prefix_caching, form::Flag{});
  visit("async_scheduling", engine.async_scheduling, form::Flag{});
  visit("scheduling_policy", engine.scheduling_policy, form::OneOf{{"fcfs", "priority"}});
  visit("long_prefill_token_threshold", engine.long_prefill_token_threshold, form::Whole{0, kManyTokens});
  visit("scheduler_reserve_full_isl", engine.scheduler_reserve_full_isl, form::Flag{});
  visit("watermark", engine.watermark, form::Number{{0, 0.99}});
  visit("enforce_eager", engine.enforce_eager, form::Flag{});
  visit("dtype", engine.dtype, form::Text{});
  visit("quantization", engine.quantization, form::Text{});
  visit("kv_cache_dtype", engine.kv_cache_dtype, form::Text{});
  visit("served_model_name", engine.served_model_name, form::Text{});
}

template <class Spec, class Visit>
void visit_pool(Spec& pool, Visit&& visit) {
  visit("name", pool.name, form::Text{});
  visit("role", pool.role, form::OneOf{role_names()});
  visit("site", pool.site, form::Text{});
  visit("model", pool.model, form::Text{});
  visit("accelerator", pool.accelerator, form::Text{});
  visit("server", pool.server, form::Text{});
  visit("replicas", pool.replicas, form::Whole{1, 100'000});
  visit("tp", pool.tp, form::Whole{1, 1024});
  visit("profile", pool.profile, form::Text{});
  visit("step_table", pool.step_table, form::Text{});
  visit("frontend_seconds", pool.frontend_seconds, form::Number{{0, 3600}});
  visit("accelerator_price_per_hour", pool.accelerator_price_per_hour, form::Number{{0, 1e6}});
  visit("labels", pool.labels, form::LabelMap{});
  visit("dedicated_to", pool.dedicated_to, form::Text{});
  visit("capacity_weight", pool.capacity_weight, form::Number{{0, 1e6, true}});
  visit("startup_seconds", pool.startup_seconds, form::Number{{0, 1e6}});
}

// Every setting of a pool, with its key dotted where it stands in a map: `engine.version`,
// `kv.host.capacity`.
template <class Spec, class Visit>
void visit_dotted(Spec& pool, Visit&& visit) {
  const auto under = [&](const char* map) {
    return [&visit, map](std::string_view key, auto& setting, const auto& how) {
      visit(std::string(map) + "." + std::string(key), setting, how);
    };
  };
  visit_pool(pool, [&](std::string_view key, auto& setting, const auto& how) {
    visit(std::string(key), setting, how);
  });
  visit_frontend(pool.frontend, under("frontend"));
  visit_kv(pool.kv, under("kv"));
  visit_types(pool.types, under("types"));
  visit_engine(pool.engine, under("engine"));
}

std::vector<std::string> pool_keys();         // of a pool, maps among them
std::vector<std::string> dotted_pool_keys();  // of all settings

// Reads every known key of `fields`; the caller finishes it. Engine keys may be spelled --max-num-seqs as
// well.
PoolSpec read_pool_spec(Fields& fields, Problems& problems);

// Takes over what `above` says, where it says something.
void merge(PoolSpec& base, const PoolSpec& above);

// Flow lines of one list entry (`  - name: ...`), only what is given.
std::string pool_spec_yaml(const PoolSpec& pool);

}  // namespace kvsim::sim
