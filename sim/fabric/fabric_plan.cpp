// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/fabric/fabric.h"

namespace kvsim::sim {
namespace {

constexpr double kLeastRate = 1;
constexpr double kGreatestRate = 1e18;

void check_port(const FabricPlan& plan, std::size_t port, std::vector<std::string>& found) {
  for (const auto* side : {&plan.ports[port].out, &plan.ports[port].in})
    for (const LinkId link : *side)
      if (link >= plan.links.size())
        found.push_back(
            fmt::format("port {} names link {}, but there are {} links", port, link, plan.links.size()));
}

}  // namespace

bool usable_rate(double bytes_per_second) {
  return bytes_per_second >= kLeastRate && bytes_per_second <= kGreatestRate;
}

std::vector<std::string> faults(const FabricPlan& plan) {
  std::vector<std::string> found;
  for (const FabricLink& link : plan.links)
    if (!usable_rate(link.bytes_per_second))
      found.push_back(fmt::format("link {} has {} bytes/s; give a rate from {:g} to {:g}", link.name,
                                  link.bytes_per_second, kLeastRate, kGreatestRate));
  for (std::size_t port = 0; port < plan.ports.size(); ++port) check_port(plan, port, found);
  return found;
}

}  // namespace kvsim::sim
