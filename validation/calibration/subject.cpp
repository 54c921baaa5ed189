// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/subject.h"

#include <fmt/format.h>

#include <algorithm>

namespace kvsim::validation {
namespace {

Subject subject_of(const sim::Fleet& fleet, const sim::Pool& pool) {
  Subject subject;
  subject.accelerator = pool.accelerator.name;
  subject.vendor = pool.accelerator.vendor;
  subject.engine_version = pool.engine.version;
  subject.model = pool.model.name;
  subject.moe = pool.model.moe.has_value();
  subject.tp = pool.tp;
  subject.types = pool.types;
  subject.kv_blocks_given = pool.engine.num_gpu_blocks > 0;
  subject.routed_by_epp = fleet.router.epp.has_value();
  subject.max_step_tokens = static_cast<double>(pool.engine.max_num_batched_tokens);
  return subject;
}

std::string name_of(const Subject& subject) {
  return fmt::format("{} on {} with TP {}", subject.model, subject.accelerator, subject.tp);
}

}  // namespace

Subject subject_of(const std::vector<Case>& cases) {
  std::optional<Subject> common;
  Problems problems;
  for (const Case& one : cases) {
    for (const Point& point : one.points) {
      for (const sim::Pool& pool : point.run.fleet.pools) {
        const Subject subject = subject_of(point.run.fleet, pool);
        if (!common) {
          common = subject;
          continue;
        }
        if (name_of(subject) != name_of(*common))
          problems.add({one.file}, "fleet",
                       fmt::format("found {}, other runs are of {}", name_of(subject), name_of(*common)),
                       "calibrate each with runs of its own");
        common->kv_blocks_given &= subject.kv_blocks_given;
        common->routed_by_epp |= subject.routed_by_epp;
        common->max_step_tokens = std::min(common->max_step_tokens, subject.max_step_tokens);
      }
    }
  }
  if (!common)
    problems.add({cases.empty() ? "" : cases.front().file}, "", "no measured run to fit",
                 "give a case with `measured`");
  problems.throw_if_any();
  return *common;
}

sim::FleetInputs inputs_with(const sim::FleetInputs& inputs, const Subject& subject,
                             models::PerformanceProfile profile) {
  const models::ProfileQuery query{subject.accelerator, subject.vendor, subject.engine_version,
                                   subject.model,       subject.tp,     subject.types};
  std::vector<models::PerformanceProfile> profiles;
  for (const models::PerformanceProfile& one : inputs.profiles.profiles())
    if (one.prior || (!models::profile_fits(one, query) && one.name != profile.name)) profiles.push_back(one);
  profiles.push_back(std::move(profile));
  sim::FleetInputs with = inputs;
  with.profiles = models::ProfileLibrary(std::move(profiles));
  return with;
}

models::PerformanceProfile blank_profile(const Subject& subject, const CalibrationSettings& settings) {
  models::PerformanceProfile profile;
  profile.name = settings.name;
  profile.accelerators = {subject.accelerator};
  profile.measured_on = subject.accelerator;
  profile.engine_from = settings.engine_from;
  profile.engine_to = settings.engine_to;
  profile.model = subject.model;
  profile.tp = subject.tp;
  profile.types = subject.types;
  return profile;
}

}  // namespace kvsim::validation
