// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "sim/scenario/read_outages.h"
#include "sim/scenario/setting.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

std::string seconds_text(Nanoseconds time) { return yaml_number(milliseconds_in_seconds(time)); }

// The first ones are told by their number.
std::string members_text(const std::vector<std::uint32_t>& members) {
  if (members.back() + 1 == members.size()) return std::to_string(members.size());
  return fmt::format("[{}]", fmt::join(members, ", "));
}

std::string element_text(const OutageSpec& spec) {
  const std::string name = yaml_text(spec.name);
  switch (spec.scope) {
    case OutageScope::kReplicas:
      return fmt::format("pool: {}, replicas: {}", name, members_text(spec.members));
    case OutageScope::kServers:
      if (std::holds_alternative<Drains>(spec.when)) break;
      return fmt::format("pool: {}, servers: {}", name, members_text(spec.members));
    case OutageScope::kPool:
      break;
    case OutageScope::kSite:
      return "site: " + name;
    case OutageScope::kStorage:
      return "storage: " + name;
  }
  return "pool: " + name;
}

struct WhenText {
  std::string operator()(const ScheduledOutage& when) const {
    return fmt::format("at: {}, for: {}", seconds_text(when.at), seconds_text(when.lasts));
  }
  std::string operator()(const RandomOutages& when) const {
    return fmt::format("mtbf: {}, mttr: {}", seconds_text(when.mtbf), seconds_text(when.mttr));
  }
  std::string operator()(const Drains& when) const {
    return fmt::format("drain: {{first: {}, every: {}, for: {}, groups: {}}}", seconds_text(when.first),
                       seconds_text(when.every), seconds_text(when.lasts), when.groups);
  }
};

}  // namespace

std::string outages_yaml(const Fleet& fleet) {
  if (fleet.outages.empty()) return "";
  std::string text = "outages:  # times in seconds\n";
  for (const OutageSpec& spec : fleet.outages) {
    text += fmt::format("  - {{{}, {}", element_text(spec), std::visit(WhenText{}, spec.when));
    text += spec.startup ? fmt::format(", startup: {}}}\n", seconds_text(*spec.startup)) : "}\n";
  }
  return text + fmt::format("recovery: {{lost_requests: {}, retries: {}, no_replica: {}, detection: {}}}\n",
                            fleet.recovery.retries_lost ? "retry" : "fail", fleet.recovery.retries,
                            fleet.recovery.waits_for_replica ? "wait" : "reject",
                            seconds_text(fleet.recovery.detection));
}

}  // namespace kvsim::sim
