// SPDX-License-Identifier: Apache-2.0
// Any bytes as a CSV trace: requests or an InputError.
#include <iterator>

#include "tests/fuzz/trace_bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const char* formats[] = {"", "azure", "burstgpt"};
  kvsim::traces::TraceOptions options;
  options.format = formats[data[0] % std::size(formats)];
  options.sort = data[0] >= 128;
  kvsim::traces::read_bytes(data + 1, size - 1, options);
  return 0;
}
