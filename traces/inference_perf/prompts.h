// SPDX-License-Identifier: Apache-2.0
// What request `index` of a stage holds. Every stage starts again at index 0.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "traces/generators/lengths.h"
#include "traces/inference_perf/config.h"
#include "traces/request.h"

namespace kvsim::traces::inference_perf {

class Prompts {
 public:
  virtual ~Prompts() = default;
  // Sets prompt, input and output length, output stream and session. `number` counts requests over all
  // stages.
  virtual void fill(std::uint64_t index, std::uint64_t number, Request& request) = 0;
  // The conversation that request `index` belongs to, from 0; its rounds go one after the other.
  virtual std::optional<std::uint64_t> session_of(std::uint64_t) const { return {}; }
  virtual void answered(std::uint64_t /*session*/) {}  // its request in flight has its answer
};

// `longest_stage` is the largest number of requests in a stage. InputError where a file of lengths is broken.
std::unique_ptr<Prompts> make_prompts(const Data& data, std::uint64_t longest_stage, std::uint64_t seed);

std::unique_ptr<Prompts> make_shared_prefix(const SharedPrefix& settings, std::uint64_t seed);

}  // namespace kvsim::traces::inference_perf
