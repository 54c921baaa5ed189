// SPDX-License-Identifier: Apache-2.0
#include "planner/list_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "planner/compose_fleet.h"
#include "planner/nodes.h"
#include "planner/placement.h"
#include "planner/pool_pairs.h"
#include "planner/server_sites.h"
#include "sim/fabric/fabric.h"
#include "sim/scenario/find_named.h"
#include "sim/scenario/role_names.h"

namespace kvsim::planner {
namespace {

constexpr std::uint32_t kMostReplicas = 100'000;  // of a fleet's pool

std::string in_words(const InputError& error) {
  std::vector<std::string> messages;
  for (const kvsim::Problem& problem : error.problems()) messages.push_back(problem.message);
  return join(messages, "; ");
}

// Small letters, digits, dots and dashes.
std::string as_name(const std::string& text) {
  std::string name = lower(text);
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.'); }, '-');
  return name;
}

class Lister {
 public:
  Lister(const Problem& problem, const sim::FleetInputs& inputs, const Placement& demand)
      : problem_(problem), inputs_(inputs), demand_(demand) {
    options_.rejected = problem.rejected;
  }

  Options list() {
    find_standing();
    for (model_ = 0; model_ < problem_.models.size(); ++model_)
      for (site_ = 0; site_ < problem_.sites.size(); ++site_)
        for (server_ = 0; server_ < problem_.servers.size(); ++server_)
          if (stands_[site_][server_]) list_engines();
    if (problem_.may_disaggregate()) pair_up(fleets_, options_);
    options_.demand = demand_.placed(options_.pools, fleets_);
    return std::move(options_);
  }

 private:
  void find_standing() {
    const Catalog& catalog = inputs_.catalog;
    stands_.assign(problem_.sites.size(), std::vector<bool>(problem_.servers.size(), false));
    for (std::size_t server = 0; server < problem_.servers.size(); ++server) {
      const ServerOption& option = problem_.servers[server];
      if (!option.purchase && !option.rent_per_hour) continue;  // told by the problem
      if (const auto refused = against_server(problem_, server, catalog)) {
        options_.rejected.push_back(*refused);
        continue;
      }
      for (std::size_t site = 0; site < problem_.sites.size(); ++site) {
        const auto refused = against_site(problem_, server, site);
        if (refused) options_.rejected.push_back(*refused);
        stands_[site][server] = !refused;
      }
    }
  }

  const PlannedSite& site() const { return problem_.sites[site_]; }
  const ServerOption& server() const { return problem_.servers[server_]; }
  const EngineOption& engine() const { return problem_.engines[engine_]; }
  const std::string& model() const { return problem_.models[model_]; }

  std::string what() const {
    const std::string by = problem_.engines.size() > 1 ? " by engine " + engine().name : "";
    return fmt::format("{} on {} at {}{}", model(), server().name, site().name, by);
  }

  void reject(std::string reason, std::string path = "") {
    options_.rejected.push_back({what(), std::move(reason), std::move(path)});
  }

  bool is_same_model(const std::string& a, const std::string& b) const {
    const models::ModelCard* card = inputs_.models.find(a);
    return a == b || (card != nullptr && card == inputs_.models.find(b));
  }

  bool engine_applies() const {
    const auto names = [](const std::vector<std::string>& list, const std::string& name) {
      return list.empty() || std::find(list.begin(), list.end(), name) != list.end();
    };
    const bool for_model = engine().models.empty() ||
                           std::any_of(engine().models.begin(), engine().models.end(),
                                       [&](const std::string& name) { return is_same_model(name, model()); });
    return for_model && names(engine().servers, server().name) && names(engine().sites, site().name);
  }

  void list_engines() {
    bool any = false;
    for (engine_ = 0; engine_ < problem_.engines.size(); ++engine_) {
      if (!engine_applies()) continue;
      any = true;
      list_storage();
    }
    if (any) return;
    options_.rejected.push_back({fmt::format("{} on {} at {}", model(), server().name, site().name),
                                 "no engine applies to it", "engines"});
  }

  void list_storage() {
    if (!engine().mounts_storage) return list_tp({});
    bool any = false;
    for (std::size_t i = 0; i < problem_.storage.size(); ++i) {
      if (!may_mount(problem_.storage[i])) continue;
      any = true;
      if (problem_.storage[i].sizes.empty())
        reject(fmt::format("storage {} has no usable price", problem_.storage[i].name));
      else
        list_tp(i);
    }
    if (!any) reject("no storage system stands at the site");
  }

  bool may_mount(const StorageOption& storage) const {
    const auto is_it = [&](const Node& name) { return name.scalar == storage.name; };
    if (engine().storage.empty()) return storage.site.empty() || storage.site == site().name;
    return std::any_of(engine().storage.begin(), engine().storage.end(), is_it);
  }

  void list_tp(std::optional<std::size_t> storage) {
    if (engine().tp.empty()) return list_fewest(storage);
    for (const std::uint32_t tp : engine().tp) {
      std::string reason = add(tp, storage);
      if (!reason.empty()) reject(fmt::format("tp {}: {}", tp, reason));
    }
  }

  void list_fewest(std::optional<std::size_t> storage) {
    std::string reason;
    for (std::uint32_t tp = 1; tp <= server().accelerators; tp *= 2) {
      reason = add(tp, storage);
      if (reason.empty()) return;
    }
    reject(reason);
  }

  // Why there is no such option; empty: it is added, once for each role and each tenant that needs its own.
  std::string add(std::uint32_t tp, std::optional<std::size_t> storage) {
    PoolOption option = option_of(tp, storage);
    if (problem_.may_disaggregate() && !sim::has_simgrid())
      return "roles need SimGrid, which this build lacks";
    try {
      sim::Fleet fleet = sim::read_fleet(alone(option), inputs_);
      option.replicas_per_server = fleet.pools.front().replicas_per_server;
      option.most =
          std::min(room_for(problem_, server_, site_).servers, kMostReplicas / option.replicas_per_server);
      for (const sim::PoolRole role : engine().roles)
        for (const std::string& owner : demand_.owners(model_))
          add_for(owner, with_role(option, role), fleet);
      return "";
    } catch (const InputError& error) {
      return in_words(error);
    }
  }

  PoolOption option_of(std::uint32_t tp, std::optional<std::size_t> storage) const {
    PoolOption option;
    option.site = site_;
    option.server = server_;
    option.engine = engine_;
    option.model = model();
    option.tp = tp;
    option.storage = storage;
    option.name = as_name(fmt::format("{}-{}-{}-tp{}", site().name, server().name, model(), tp));
    if (problem_.engines.size() > 1) option.name += "-" + as_name(engine().name);
    if (storage) option.name += "-" + as_name(problem_.storage[*storage].name);
    option.pool = pool_of(option);
    return option;
  }

  Node pool_of(const PoolOption& option) const {
    Node pool = empty_map(server().fleet_server);
    put(pool, "name", text_node(option.name));
    put(pool, "site", text_node(site().name));
    put(pool, "model", text_node(model()));
    put(pool, "server", text_node(server().name));
    put(pool, "tp", number_node(option.tp));
    for (const auto& [key, value] : engine().pool.members) put(pool, key, value);
    if (!option.storage) return pool;
    Node kv = *pool.find("kv");
    Node mount = *kv.find("storage");
    put(mount, "system", text_node(problem_.storage[*option.storage].name));
    put(kv, "storage", std::move(mount));
    put(pool, "kv", std::move(kv));
    return pool;
  }

  static PoolOption with_role(PoolOption option, sim::PoolRole role) {
    if (role == sim::PoolRole::kBoth) return option;
    option.role = role;
    option.name += "-" + sim::name(role);
    put(option.pool, "role", text_node(sim::name(role)));
    return option;
  }

  Document alone(const PoolOption& option) const {
    FleetChoice choice{{1}, std::vector<std::optional<std::size_t>>(problem_.storage.size())};
    if (option.storage) choice.storage[*option.storage] = 0;
    return compose_fleet(problem_, {option}, choice, false);
  }

  void add_for(const std::string& owner, PoolOption option, sim::Fleet fleet) {
    option.dedicated_to = owner;
    if (!owner.empty()) {
      option.name += "-for-" + as_name(owner);
      put(option.pool, "dedicated_to", text_node(owner));
    }
    make_unique(option);
    demand_.add_tenants(option, fleet);
    options_.pools.push_back(std::move(option));
    fleets_.push_back(std::make_shared<const sim::Fleet>(std::move(fleet)));
  }

  void make_unique(PoolOption& option) const {
    const std::string name = option.name;
    for (std::size_t n = 2; sim::find_named(options_.pools, option.name) != nullptr; ++n)
      option.name = fmt::format("{}-{}", name, n);
    put(option.pool, "name", text_node(option.name));
  }

  const Problem& problem_;
  const sim::FleetInputs& inputs_;
  const Placement& demand_;
  Options options_;
  std::vector<std::shared_ptr<const sim::Fleet>> fleets_;  // by option: a fleet of it alone
  std::vector<std::vector<bool>> stands_;                  // by site, server
  std::size_t model_ = 0, site_ = 0, server_ = 0, engine_ = 0;
};

}  // namespace

Options list_options(const Problem& problem, const sim::FleetInputs& inputs, const DemandNames& names) {
  const Placement demand(problem, inputs, names);
  return Lister(problem, inputs, demand).list();
}

}  // namespace kvsim::planner
