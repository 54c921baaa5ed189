// SPDX-License-Identifier: Apache-2.0
// Which replica gets a request. One router serves one model; it picks out of the replicas that hold it. A
// policy is a narrow interface: it sees a read-only view and changes nothing but its own memory.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/scenario/fleet.h"

namespace kvsim::sim {

struct RouteRequest {
  std::uint64_t id = 0;
  std::uint64_t session = 0;     // 0: none
  std::uint64_t connection = 0;  // TCP connection; 0: one of its own
};

// What a router may know. `in_flight[r]` counts requests sent to replica r of the fleet and not yet answered:
// the router's own count, always fresh.
struct RouterView {
  std::span<const std::uint32_t> in_flight;
};

class Router {
 public:
  virtual ~Router() = default;
  // A replica out of the candidates that the router was made with.
  virtual std::uint32_t pick(const RouteRequest& request, const RouterView& view) = 0;
};

// `candidates` are fleet-wide replica indices, ascending, at least one. An unknown policy is an InputError
// that lists the valid ones.
std::unique_ptr<Router> make_router(const RouterSettings& settings, std::vector<std::uint32_t> candidates,
                                    std::uint64_t seed);

}  // namespace kvsim::sim
