// SPDX-License-Identifier: Apache-2.0
// From what a pool runs to the model of its step time, with everything that a reader of the result must know.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hardware-catalog/catalog.h"
#include "models/memory.h"
#include "models/model_card.h"
#include "models/profile.h"
#include "models/profile_library.h"
#include "models/step_time.h"
#include "models/step_time_facts.h"

namespace kvsim::models {

struct StepTimeInput {
  const ModelCard& card;
  const Accelerator& accelerator;
  Types types;
  std::uint32_t tp = 1;
  std::string engine_version;
  bool async_scheduling = true;
  bool cuda_graphs = true;  // pure decode batches are padded to a captured size; false: --enforce-eager
  std::uint32_t max_num_seqs = 1024;  // graphs are captured up to min(2 * max_num_seqs, 512) tokens
  std::optional<PerformanceProfile> profile = {};  // overrides the library's choice
  std::optional<std::string> table = {};    // path of a measured step table; replaces the physical model
  const ProfileLibrary* library = nullptr;  // nullptr: the shipped one is read
};

struct StepTimeResult {
  std::shared_ptr<const StepTimeModel> model;
  std::string profile;  // name of the measured profile, "prior", or "table"
  StepTimeFacts facts;
  std::vector<std::pair<std::string, std::string>> notes;  // what, reason: prior, emulated, unverified, ...
  double frontend_seconds = 0;                  // of one request before it reaches the engine's queue
  std::optional<std::uint64_t> num_gpu_blocks;  // measured with the profile, null block included
  double activation_bytes = 0;                  // per device, kept out of the KV cache
  double non_torch_bytes = 0;                   // per device: communication buffers and graphs
};

// InputError where the accelerator does not support a type, tp does not divide the model, a coefficient is
// beyond the physical limit, or the table is faster than the hardware. A profile that was asked for and is
// for something else is used, and noted.
StepTimeResult make_step_time(const StepTimeInput& input);

}  // namespace kvsim::models
