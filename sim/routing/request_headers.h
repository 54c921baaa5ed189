// SPDX-License-Identifier: Apache-2.0
// HTTP headers that a request would carry, out of what a workload says of it. Names are compared without
// case, as HTTP does; a header that no workload knows is absent.
#pragma once

#include <string>

#include "base/text.h"
#include "sim/routing/router.h"

namespace kvsim::sim {

inline constexpr const char* kSessionHeader = "x-session-id";
inline constexpr const char* kFairnessHeader = "x-gateway-inference-fairness-id";
inline constexpr const char* kObjectiveHeader = "x-gateway-inference-objective";

// Empty: absent.
inline std::string header(const RouteRequest& request, const std::string& name) {
  const std::string wanted = lower(name);
  if (wanted == kSessionHeader) return request.session == 0 ? "" : std::to_string(request.session);
  if (wanted == kFairnessHeader && request.tenant != nullptr) return *request.tenant;
  if (wanted == kObjectiveHeader && request.slo_class != nullptr) return *request.slo_class;
  return "";
}

}  // namespace kvsim::sim
