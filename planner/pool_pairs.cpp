// SPDX-License-Identifier: Apache-2.0
#include "planner/pool_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/errors.h"
#include "sim/scenario/read_disaggregation.h"
#include "sim/scenario/role_names.h"

namespace kvsim::planner {
namespace {

bool is_unfit(const Options& options, std::size_t a, std::size_t b) {
  return std::any_of(options.unfit.begin(), options.unfit.end(), [&](const UnfitPair& pair) {
    return (pair.a == a && pair.b == b) || (pair.a == b && pair.b == a);
  });
}

class Pairing {
 public:
  Pairing(std::vector<std::shared_ptr<const sim::Fleet>>& fleets, Options& options)
      : fleets_(fleets), options_(options) {}

  // Each that goes may leave another one without anybody.
  void drop_lonely() {
    for (std::size_t option = 0; option < options_.pools.size();) {
      const std::optional<std::string> reason = why_lonely(option);
      if (reason) drop(option, *reason);
      option = reason ? 0 : option + 1;
    }
  }

  void find_unfit() {
    for (std::size_t a = 0; a < options_.pools.size(); ++a)
      for (std::size_t b = a + 1; b < options_.pools.size(); ++b)
        if (const auto reason = against(a, b)) options_.unfit.push_back({a, b, *reason});
  }

 private:
  sim::Pool pool(std::size_t option) const {
    sim::Pool pool = fleets_[option]->pools.front();
    pool.role = options_.pools[option].role;
    return pool;
  }

  // In the words of the reader of fleets; nothing: they fit, or hand nothing to each other.
  std::optional<std::string> against(std::size_t a, std::size_t b) const {
    const std::vector<sim::SiteLink>& links = fleets_[a]->network.site_links;
    const sim::Pool one = pool(a), other = pool(b);
    Problems problems;
    sim::check_pair(one, other, links, {}, problems);
    sim::check_pair(other, one, links, {}, problems);
    return problems.empty() ? std::nullopt : std::optional(problems.all().front().message);
  }

  // Why nothing can work with an option that needs somebody; nothing: something can.
  std::optional<std::string> why_lonely(std::size_t option) const {
    const sim::PoolRole role = options_.pools[option].role;
    if (role == sim::PoolRole::kBoth) return std::nullopt;
    std::string reason =
        role == sim::PoolRole::kPrefill ? "nothing decodes what it prefills" : "nothing prefills for it";
    for (std::size_t i = 0; i < options_.pools.size(); ++i) {
      if (!work_together(options_.pools[option], options_.pools[i])) continue;
      const std::optional<std::string> fault = against(option, i);
      if (!fault) return std::nullopt;
      reason = *fault;
    }
    return reason;
  }

  void drop(std::size_t option, const std::string& reason) {
    options_.rejected.push_back({options_.pools[option].name, reason, "engines"});
    options_.pools.erase(options_.pools.begin() + static_cast<std::ptrdiff_t>(option));
    fleets_.erase(fleets_.begin() + static_cast<std::ptrdiff_t>(option));
  }

  std::vector<std::shared_ptr<const sim::Fleet>>& fleets_;
  Options& options_;
};

}  // namespace

void pair_up(std::vector<std::shared_ptr<const sim::Fleet>>& fleets, Options& options) {
  Pairing pairing(fleets, options);
  pairing.drop_lonely();
  pairing.find_unfit();
}

bool work_together(const PoolOption& a, const PoolOption& b) {
  const bool both_roles =
      a.role != b.role && a.role != sim::PoolRole::kBoth && b.role != sim::PoolRole::kBoth;
  return both_roles && a.model == b.model && a.dedicated_to == b.dedicated_to;
}

std::vector<std::size_t> partners(const Options& options, std::size_t option) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < options.pools.size(); ++i)
    if (work_together(options.pools[option], options.pools[i]) && !is_unfit(options, option, i))
      found.push_back(i);
  return found;
}

std::vector<std::string> role_faults(const Options& options, const FleetChoice& choice) {
  std::vector<std::string> faults;
  for (const UnfitPair& pair : options.unfit)
    if (choice.servers[pair.a] > 0 && choice.servers[pair.b] > 0) faults.push_back(pair.reason);
  for (std::size_t i = 0; i < options.pools.size(); ++i) {
    const PoolOption& pool = options.pools[i];
    if (choice.servers[i] == 0 || pool.role == sim::PoolRole::kBoth) continue;
    const std::vector<std::size_t> others = partners(options, i);
    const bool is_alone = std::none_of(others.begin(), others.end(),
                                       [&](std::size_t other) { return choice.servers[other] > 0; });
    if (is_alone)
      faults.push_back(
          fmt::format("{} has the role {}, and nothing works with it", pool.name, sim::name(pool.role)));
  }
  return faults;
}

}  // namespace kvsim::planner
