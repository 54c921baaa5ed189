// SPDX-License-Identifier: Apache-2.0
// Any bytes as a Hugging Face config.json: a card with sound sizes or an InputError, never anything else.
#include <cstddef>
#include <cstdint>

#include "base/errors.h"
#include "models/memory.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kvsim;
  try {
    const Document config = parse_json({reinterpret_cast<const char*>(data), size}, "config.json");
    const models::ModelCard card = models::card_from_hugging_face(config, "fuzz");
    if (models::parameters(card) == 0 || models::active_parameters(card) > models::parameters(card) ||
        !(models::kv_bytes_per_token(card, NumberType::kBf16, 1) > 0))
      __builtin_trap();
  } catch (const InputError&) {
  }
  return 0;
}
