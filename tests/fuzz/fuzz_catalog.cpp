// SPDX-License-Identifier: Apache-2.0
// Any bytes as a document of the catalog (accelerator, prices, copies, storage kinds, model card): what they
// describe or problems, never anything else.
#include <cstddef>
#include <cstdint>
#include <string>

#include "hardware-catalog/accelerator_reader.h"
#include "hardware-catalog/price_reader.h"
#include "hardware-catalog/tier_figures.h"
#include "models/memory.h"
#include "models/model_card_reader.h"

namespace {

using namespace kvsim;

void read_model(const Document& document) {
  Problems problems;
  const models::ModelCard card = models::read_model_card(document, problems);
  if (!problems.empty()) return;
  const double bytes = models::weight_bytes_per_rank(card, models::published_types(card), 1);
  if (models::parameters(card) == 0 || !(bytes > 0)) __builtin_trap();
}

template <class Reader>
void read_with(Reader reader, const Document& document) {
  Problems problems;
  reader(document, problems);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const Document& document :
         parse_yaml_documents({reinterpret_cast<const char*>(data), size}, "fuzz.yaml")) {
      read_with(read_accelerator, document);
      read_with(read_prices, document);
      read_with(read_copies, document);
      read_with(read_storage_kinds, document);
      read_model(document);
    }
  } catch (const InputError&) {
  }
  return 0;
}
