// SPDX-License-Identifier: Apache-2.0
// Where each tenant may be served, where it is, and what forbids the rest.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.h"

namespace kvsim::planner {

enum class Residency {
  kUsed,      // the best fleet has servers there that may serve it
  kAllowed,   // servers there might serve it
  kRefused,   // its policy or isolation is against every option there
  kNoOption,  // nothing can stand there, whoever asks (see what was left out)
};
const char* name(Residency state);

struct ResidencyCell {
  std::string tenant;  // as reports call it
  std::string site;
  Residency state = Residency::kNoOption;
  std::vector<std::string> reasons;  // against options there, each once
};

// Tenants as the demand names them, each with all sites in the problem's order.
std::vector<ResidencyCell> residency_map(const Plan& plan);

}  // namespace kvsim::planner
