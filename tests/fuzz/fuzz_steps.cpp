// SPDX-License-Identifier: Apache-2.0
// Any bytes as a CSV of measured steps: samples with sound work or an InputError.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/errors.h"
#include "models/step_samples.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const kvsim::models::StepSample& sample : kvsim::models::parse_step_samples(text, "fuzz.csv"))
      if (sample.work.tokens() == 0 || !(sample.seconds > 0) || !(sample.work.decode_context_tokens >= 0) ||
          !(sample.work.prefill_context_tokens >= 0))
        std::abort();
  } catch (const kvsim::InputError&) {
  }
  return 0;
}
