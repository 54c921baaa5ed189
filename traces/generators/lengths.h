// SPDX-License-Identifier: Apache-2.0
// Lengths of a user's text and of its answer, drawn together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/errors.h"
#include "traces/generators/distribution.h"

namespace kvsim::traces {

struct LengthPair {
  std::uint32_t input_tokens = 1;
  std::uint32_t output_tokens = 1;
};

struct LengthSettings {
  Distribution input_tokens{1000};
  Distribution output_tokens{200};
  double correlation = 0;  // of the two normals behind them; other shapes than normal and lognormal have 0
  std::shared_ptr<const std::vector<LengthPair>>
      table;  // pairs drawn evenly; where given, the rest is unused
};

LengthPair sample_lengths(const LengthSettings& settings, RandomStream& random);

// CSV with a header; the two columns by name. Lengths are whole numbers up to 10,000,000, where 0 counts as
// 1; at least one row.
std::shared_ptr<const std::vector<LengthPair>> read_length_table(const std::string& path,
                                                                 const std::string& input_column,
                                                                 const std::string& output_column);

}  // namespace kvsim::traces
