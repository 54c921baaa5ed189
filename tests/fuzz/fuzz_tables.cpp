// SPDX-License-Identifier: Apache-2.0
// Any bytes as a table of step times or of lengths: sound figures or an InputError, never anything else.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "models/step_table.h"
#include "tests/fuzz/own_file.h"
#include "traces/generators/lengths.h"

namespace {

using namespace kvsim;

void read_steps(std::string_view text) {
  const models::StepTable table = models::StepTable::parse(text, "fuzz.csv");
  for (const double at : {0.0, 1.0, 1e3, 1e9}) {
    const models::StepTable::Point point = table.at(at, at, at);
    if (!(point.seconds >= 0) || !(point.slope >= 0) || !(point.border >= at)) __builtin_trap();
  }
}

void read_lengths(std::string_view text) {
  static const FuzzFolder folder;
  const auto pairs = traces::read_length_table(folder.write("lengths.csv", text), "in", "out");
  for (const traces::LengthPair& pair : *pairs)
    if (pair.input_tokens == 0 || pair.output_tokens == 0) __builtin_trap();
}

}  // namespace

// The first byte chooses the table.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  try {
    data[0] == 'l' ? read_lengths(text) : read_steps(text);
  } catch (const InputError&) {
  }
  return 0;
}
