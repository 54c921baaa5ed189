// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/resolve_types.h"

#include <fmt/format.h>

#include <map>

#include "base/text.h"

namespace kvsim::sim {
namespace {

class TypeReader {
 public:
  explicit TypeReader(Problems& problems) : problems_(problems) {}

  void take(const Setting<std::string>& setting, NumberType& type) {
    if (!setting.given()) return;
    if (const auto parsed = parse_number_type(*setting)) {
      type = *parsed;
    } else {
      problems_.add(setting.place.where, setting.place.path, fmt::format("unknown type '{}'", *setting),
                    valid_names_remedy(*setting, number_type_names()));
    }
  }

 private:
  Problems& problems_;
};

bool is_auto(const Setting<std::string>& setting) { return setting.given() && lower(*setting) == "auto"; }

bool is_float16(NumberType type) {
  return type == NumberType::kBf16 || type == NumberType::kFp16 || type == NumberType::kFp32;
}

// vLLM's --dtype: the type of everything that is not quantised.
void apply_dtype(const EngineSpec& engine, models::Types& types, TypeReader& reader) {
  if (!engine.dtype.given() || is_auto(engine.dtype)) return;
  Setting<std::string> dtype = engine.dtype;
  if (*dtype == "half") dtype.value = "fp16";
  if (*dtype == "float") dtype.value = "fp32";
  NumberType type = types.attention;
  reader.take(dtype, type);
  for (NumberType* part : {&types.weights, &types.expert_weights, &types.embeddings, &types.matmul,
                           &types.attention, &types.kv}) {
    if (is_float16(*part)) *part = type;
  }
}

struct Quantization {
  NumberType weights;
  bool matmul_too;
  bool experts_only;
};

const std::map<std::string, Quantization>& quantizations() {
  static const std::map<std::string, Quantization> known{
      {"fp8", {NumberType::kFp8, true, false}},
      {"fbgemm_fp8", {NumberType::kFp8, true, false}},
      {"ptpc_fp8", {NumberType::kFp8, true, false}},
      {"inc", {NumberType::kFp8, true, false}},
      {"awq", {NumberType::kInt4, false, false}},
      {"awq_marlin", {NumberType::kInt4, false, false}},
      {"gptq", {NumberType::kInt4, false, false}},
      {"gptq_marlin", {NumberType::kInt4, false, false}},
      {"bitsandbytes", {NumberType::kInt4, false, false}},
      {"experts_int8", {NumberType::kInt8, false, true}},
      {"mxfp4", {NumberType::kMxfp4, false, true}},
  };
  return known;
}

// As the checkpoint says: nothing to add to the model's card.
bool follows_checkpoint(const std::string& name) {
  return name == "compressed-tensors" || name == "auto" || name == "none" || name == "modelopt";
}

void apply_quantization(const EngineSpec& engine, models::Types& types, Problems& problems) {
  if (!engine.quantization.given() || follows_checkpoint(lower(*engine.quantization))) return;
  const auto found = quantizations().find(lower(*engine.quantization));
  if (found == quantizations().end()) {
    std::vector<std::string> names{"compressed-tensors"};
    for (const auto& [name, unused] : quantizations()) names.push_back(name);
    problems.add(engine.quantization.place.where, engine.quantization.place.path,
                 fmt::format("unknown quantization '{}'", *engine.quantization),
                 valid_names_remedy(*engine.quantization, names) + "; or leave it out and give `types`");
    return;
  }
  const Quantization& quantization = found->second;
  types.expert_weights = quantization.weights;
  if (!quantization.experts_only) types.weights = quantization.weights;
  if (quantization.matmul_too) types.matmul = quantization.weights;
}

void apply_kv(const PoolSpec& pool, models::Types& types, TypeReader& reader, Problems& problems) {
  const Setting<std::string>& flag = pool.engine.kv_cache_dtype;
  if (flag.given() && !is_auto(flag)) reader.take(flag, types.kv);
  const NumberType by_flag = types.kv;
  reader.take(pool.types.kv, types.kv);
  if (flag.given() && !is_auto(flag) && pool.types.kv.given() && types.kv != by_flag) {
    problems.add(pool.types.kv.place.where, pool.types.kv.place.path,
                 fmt::format("says {}, but engine.kv_cache_dtype says {}", *pool.types.kv, *flag),
                 "keep one of them");
  }
}

struct Use {
  std::string_view key;
  NumberType type;
  const Setting<std::string>& given;
};

void check_support(const Use& use, const PoolSpec& pool, const Accelerator& accelerator, Problems& problems) {
  if (accelerator.rate(use.type).support != Support::kUnsupported) return;
  std::vector<std::string> supported;
  for (const auto& [type, rate] : accelerator.arithmetic) {
    if (rate.support != Support::kUnsupported) supported.emplace_back(name(type));
  }
  const Place& place = use.given.given() ? use.given.place : pool.place;
  problems.add(place.where,
               use.given.given() ? place.path : inner_path(place.path, fmt::format("types.{}", use.key)),
               fmt::format("{} does not support {}", accelerator.name, name(use.type)),
               "use one of: " + join(supported, ", "));
}

}  // namespace

models::Types resolve_types(const PoolSpec& pool, const models::ModelCard& model,
                            const Accelerator& accelerator, Problems& problems) {
  models::Types types = models::published_types(model);
  TypeReader reader(problems);
  apply_dtype(pool.engine, types, reader);
  apply_quantization(pool.engine, types, problems);
  apply_kv(pool, types, reader, problems);
  reader.take(pool.types.weights, types.weights);
  if (!model.moe) types.expert_weights = types.weights;
  reader.take(pool.types.expert_weights, types.expert_weights);
  reader.take(pool.types.matmul, types.matmul);
  reader.take(pool.types.attention, types.attention);
  for (const Use& use :
       {Use{"weights", types.weights, pool.types.weights},
        Use{"expert_weights", types.expert_weights, pool.types.expert_weights},
        Use{"matmul", types.matmul, pool.types.matmul},
        Use{"attention", types.attention, pool.types.attention}, Use{"kv", types.kv, pool.types.kv}}) {
    check_support(use, pool, accelerator, problems);
  }
  return types;
}

TypesSpec types_spec(const models::Types& types) {
  const auto given = [](NumberType type) { return Setting<std::string>{std::string(name(type)), {}}; };
  return {given(types.weights), given(types.expert_weights), given(types.matmul), given(types.attention),
          given(types.kv)};
}

}  // namespace kvsim::sim
