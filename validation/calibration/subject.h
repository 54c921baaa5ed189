// SPDX-License-Identifier: Apache-2.0
// What the measured runs have in common: the accelerator, model, types and engine that the profile is for.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/load_fleet.h"
#include "validation/calibration/settings.h"
#include "validation/case.h"

namespace kvsim::validation {

struct Subject {
  std::string accelerator, vendor, engine_version;
  std::string model;
  bool moe = false;
  std::uint32_t tp = 1;
  models::Types types;
  bool kv_blocks_given = false;  // by the fleets themselves, so that nothing is to be learnt of memory
  bool routed_by_epp = false;
  double max_step_tokens = 0;  // the least of the engines' limits
};

// InputError where the pools of the cases differ in one of these, with both.
Subject subject_of(const std::vector<Case>& cases);

// The inputs with this profile for the subject: measured profiles that would answer in its place are left
// out.
sim::FleetInputs inputs_with(const sim::FleetInputs& inputs, const Subject& subject,
                             models::PerformanceProfile profile);
// An empty profile for the subject.
models::PerformanceProfile blank_profile(const Subject& subject, const CalibrationSettings& settings);

}  // namespace kvsim::validation
