// SPDX-License-Identifier: Apache-2.0
// Any bytes as a CSV of published points: each row a set-up with sound numbers, a reason, or an InputError.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/errors.h"
#include "validation/serving_points/point_setup.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kvsim;
  static const Catalog catalog = Catalog::load_default();
  static const models::ModelLibrary library = models::ModelLibrary::load_default();
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto& point : validation::parse_serving_points(text, "fuzz.csv")) {
      const auto setup = validation::set_up(point, catalog, library);
      const auto* known = std::get_if<validation::PointSetup>(&setup);
      if (known != nullptr && !(known->measured_seconds > 0 && known->input_tokens > 0 && known->batch >= 0))
        std::abort();
    }
  } catch (const InputError&) {
  }
  return 0;
}
