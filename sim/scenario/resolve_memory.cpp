// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/resolve_memory.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/memory.h"
#include "sim/scenario/kv_capacity.h"

namespace kvsim::sim {
namespace {

constexpr double kGiB = 1024.0 * 1024 * 1024;

std::string tp_advice(const DeviceMemory& memory, std::uint64_t tokens, std::uint32_t tp,
                      std::uint32_t largest_tp) {
  const std::uint32_t fitting = smallest_fitting_tp(memory, tokens, largest_tp);
  if (fitting > tp) return fmt::format("use tp: {}", fitting);
  return fmt::format("no tp up to {} is enough: choose an accelerator with more memory or smaller types",
                     largest_tp);
}

void report_no_room(const PoolSpec& spec, const DeviceMemory& memory, const KvCapacity& capacity,
                    std::uint32_t tp, std::uint32_t largest_tp, Problems& problems) {
  const double missing = std::max(0.0, 2 * capacity.block_bytes - capacity.kv_bytes);
  const std::uint64_t length = std::max<std::uint64_t>(memory.engine.max_model_len, 1);
  problems.add(
      spec.place.where, spec.place.path,
      fmt::format(
          "{} does not fit on {} with tp {}: {:.1f} GiB short on each device ({:.1f} GiB of weights, {:.1f} "
          "GiB usable)",
          memory.model.name, memory.accelerator.name, tp, missing / kGiB,
          models::weight_bytes_per_rank(memory.model, memory.types, tp) / kGiB,
          memory.engine.gpu_memory_utilization * memory.accelerator.memory_bytes.value / kGiB),
      tp_advice(memory, length, tp, largest_tp));
}

void check_length(const PoolSpec& spec, const DeviceMemory& memory, std::uint64_t room, bool from_memory,
                  std::uint32_t tp, std::uint32_t largest_tp, Problems& problems) {
  if (memory.engine.max_model_len <= room) return;
  const Setting<std::uint64_t>& given = spec.engine.max_model_len;
  const Place& place = given.given() ? given.place : spec.place;
  const std::string advice =
      from_memory ? "; else " + tp_advice(memory, memory.engine.max_model_len, tp, largest_tp) : "";
  problems.add(place.where, given.given() ? place.path : inner_path(place.path, "engine.max_model_len"),
               fmt::format("a sequence of max_model_len ({} tokens) needs more than the KV pool of {} tokens",
                           memory.engine.max_model_len, room),
               fmt::format("set engine.max_model_len to at most {} (or auto){}", room, advice));
}

void note_sliding_window(const Pool& pool, std::vector<Validity>& validity) {
  if (!pool.model.sliding_window) return;
  validity.push_back(
      {fmt::format("pool {}: KV blocks", pool.name),
       fmt::format("{} of {} layers attend to a window only; their KV is held for the whole context here, so "
                   "an engine "
                   "with a hybrid KV cache holds more (1.77 times for gpt-oss-120b, llm-d 2026)",
                   pool.model.sliding_window->layers, pool.model.layers)});
}

void note_overfull(const Pool& pool, const DeviceMemory& memory, const KvCapacity& capacity,
                   std::vector<Validity>& validity) {
  const double needed = static_cast<double>(pool.kv_blocks + 1) * capacity.block_bytes +
                        models::weight_bytes_per_rank(pool.model, pool.types, pool.tp);
  if (needed <= memory.accelerator.memory_bytes.value) return;
  validity.push_back(
      {fmt::format("pool {}: num_gpu_blocks_override", pool.name),
       fmt::format("{} blocks and the weights need {:.1f} GiB on each device, more than it has",
                   pool.kv_blocks + 1, needed / kGiB)});
}

}  // namespace

void resolve_memory(const PoolSpec& spec, const models::StepTimeResult& step_time, std::uint32_t largest_tp,
                    Pool& pool, Problems& problems, std::vector<Validity>& validity) {
  EngineSettings& engine = pool.engine;
  const bool memory_given = spec.engine.gpu_memory_utilization.given() || spec.engine.block_size.given();
  if (engine.num_gpu_blocks == 0 && !memory_given)
    engine.num_gpu_blocks = step_time.num_gpu_blocks.value_or(0);
  const DeviceMemory memory{
      pool.accelerator,         pool.model, pool.types, engine, step_time.activation_bytes,
      step_time.non_torch_bytes};
  const KvCapacity capacity = kv_capacity(memory, pool.tp);
  const bool from_memory = engine.num_gpu_blocks == 0;
  const std::uint64_t blocks = from_memory ? capacity.num_gpu_blocks : engine.num_gpu_blocks;
  if (blocks < 2) return report_no_room(spec, memory, capacity, pool.tp, largest_tp, problems);
  pool.kv_blocks = blocks - 1;
  pool.kv_bytes_per_block =
      models::kv_bytes_per_token(pool.model, pool.types.kv, pool.tp) * engine.block_size_tokens;
  const std::uint64_t room = pool.kv_blocks * engine.block_size_tokens;
  if (engine.max_model_len == 0) engine.max_model_len = std::min(room, pool.model.max_context_tokens);
  check_length(spec, memory, room, from_memory, pool.tp, largest_tp, problems);
  note_sliding_window(pool, validity);
  if (!from_memory) note_overfull(pool, memory, capacity, validity);
  if (from_memory && pool.accelerator.memory_bytes.unverified) {
    validity.push_back({fmt::format("pool {}: KV blocks", pool.name),
                        fmt::format("they follow from an unverified memory size of {}: {}",
                                    pool.accelerator.name, pool.accelerator.memory_bytes.source)});
  }
}

}  // namespace kvsim::sim
