// SPDX-License-Identifier: Apache-2.0
#include "planner/output/residency_map.h"

#include <algorithm>

#include "sim/report/labels.h"

namespace kvsim::planner {
namespace {

void add_once(std::vector<std::string>& texts, std::string text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
}

// Without the name of the option that it starts with.
std::string reason_alone(const std::string& reason, const PoolOption& option) {
  const std::string head = "pool " + option.name + ": ";
  return reason.starts_with(head) ? reason.substr(head.size()) : reason;
}

class Map {
 public:
  explicit Map(const Plan& plan) : plan_(plan) {}

  void add(const DemandClass& demand) {
    const std::size_t row = row_of(sim::tenant_label(demand.tenant));
    for (const std::size_t option : demand.lawful)
      raise(row, option, is_used(option) ? Residency::kUsed : Residency::kAllowed);
    for (std::size_t i = 0; i < demand.refused.size(); ++i) {
      const PoolOption& option = plan_.options.pools[demand.refused[i]];
      const bool is_anothers = !option.dedicated_to.empty() && option.dedicated_to != demand.tenant;
      if (is_anothers) continue;
      raise(row, demand.refused[i], Residency::kRefused);
      add_once(cells_[row + option.site].reasons, reason_alone(demand.reasons[i], option));
    }
  }

  std::vector<ResidencyCell> take() { return std::move(cells_); }

 private:
  // Index of its cell of the first site.
  std::size_t row_of(const std::string& tenant) {
    const auto found = std::find_if(cells_.begin(), cells_.end(),
                                    [&](const ResidencyCell& cell) { return cell.tenant == tenant; });
    if (found != cells_.end()) return static_cast<std::size_t>(found - cells_.begin());
    const std::size_t row = cells_.size();
    for (const PlannedSite& site : plan_.problem.sites)
      cells_.push_back({tenant, site.name, Residency::kNoOption, {}});
    return row;
  }

  bool is_used(std::size_t option) const {
    return plan_.best && plan_.evaluated[*plan_.best].choice.servers[option] > 0;
  }

  void raise(std::size_t row, std::size_t option, Residency state) {
    Residency& now = cells_[row + plan_.options.pools[option].site].state;
    now = std::min(now, state);
  }

  const Plan& plan_;
  std::vector<ResidencyCell> cells_;
};

}  // namespace

const char* name(Residency state) {
  constexpr const char* kNames[] = {"used", "allowed", "refused", "no option"};
  return kNames[static_cast<std::size_t>(state)];
}

std::vector<ResidencyCell> residency_map(const Plan& plan) {
  Map map(plan);
  for (const DemandClass& demand : plan.options.demand) map.add(demand);
  return map.take();
}

}  // namespace kvsim::planner
