// SPDX-License-Identifier: Apache-2.0
// Any bytes as a workload YAML of our own, a population or an inference-perf configuration: requests or an
// InputError, never anything else.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/data_places.h"
#include "traces/generators/mixed_source.h"
#include "traces/generators/read_generate.h"
#include "traces/generators/warmed_source.h"
#include "traces/inference_perf/open_inference_perf.h"
#include "traces/population/open_population.h"

namespace {

using namespace kvsim;
using namespace kvsim::traces;

std::unique_ptr<Source> open_mix(const MixSettings& mix) {
  if (mix.warms_up()) return std::make_unique<WarmedSource>(mix, 1);
  return std::make_unique<MixedSource>(mix, 1);
}

std::unique_ptr<Source> open(char kind, const std::string& text) {
  static const std::string folder = data_directory() + "/examples/inference-perf";
  const Document document = parse_yaml(text, folder + "/fuzz.yaml");
  if (kind == 'g') return open_mix(read_generate(document, folder));
  if (kind == 'p') return open_population(document, "", 1);
  return open_inference_perf(document, "", folder, 1);
}

void take_some(Source& source) {
  Nanoseconds last = 0;
  for (int i = 0; i < 300 && source.next_arrival(); ++i) {
    const Request request = source.take();
    if (request.arrival < last || request.input_tokens == 0 || request.output_tokens == 0 ||
        total_tokens(request.prompt) != request.input_tokens)
      __builtin_trap();
    last = request.arrival;
    source.finished({request.id, request.arrival, i % 7 == 3 ? Outcome::kTimedOut : Outcome::kCompleted});
  }
}

}  // namespace

// The first byte chooses the reader: g, p, or any other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  try {
    take_some(
        *open(static_cast<char>(data[0]), std::string(reinterpret_cast<const char*>(data + 1), size - 1)));
  } catch (const InputError&) {
  }
  return 0;
}
