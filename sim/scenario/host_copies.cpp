// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/host_copies.h"

#include "models/memory.h"
#include "models/profile.h"

namespace kvsim::sim {

double copy_bytes(const models::ModelCard& model, NumberType kv, std::uint32_t tp,
                  std::uint32_t engine_block_tokens, const std::string& engine_version) {
  const double block = models::kv_bytes_per_token_per_rank(model, kv, tp) * engine_block_tokens;
  if (models::compare_versions(engine_version, kFirstContiguousVersion) >= 0) return block;
  return block / (model.mla ? model.layers : 2.0 * model.layers);
}

CopyCurve copy_curve(const CopyFigures& measured, double scale, double encryption_bytes_per_second) {
  return {measured.fixed_seconds.value,
          rate_in_turn(measured.bytes_per_second.value * scale, encryption_bytes_per_second)};
}

double rate_in_turn(double first_bytes_per_second, double second_bytes_per_second) {
  if (second_bytes_per_second <= 0) return first_bytes_per_second;
  return 1 / (1 / first_bytes_per_second + 1 / second_bytes_per_second);
}

}  // namespace kvsim::sim
