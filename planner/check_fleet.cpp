// SPDX-License-Identifier: Apache-2.0
#include "planner/check_fleet.h"

#include <fmt/format.h>

#include <algorithm>

#include "planner/evaluate.h"
#include "planner/fleet_parts.h"
#include "planner/known_watts.h"
#include "planner/losses.h"
#include "planner/nodes.h"
#include "sim/scenario/model_names.h"

namespace kvsim::planner {
namespace {

bool prefills_apart(const Node& fleet) {
  const Node* pools = fleet.find("pools");
  return pools != nullptr && std::any_of(pools->items.begin(), pools->items.end(),
                                         [](const Node& pool) { return text_of(pool, "role") == "prefill"; });
}

// The fleet under the problem's sites, classes, tenants and policies.
Document under(const Problem& problem, const Document& fleet) {
  const Node parts = fleet_parts(problem, true);
  Node root = *fleet.root;
  for (const char* key : {"sites", "slo_classes", "tenants", "default_residency"})
    if (const Node* node = parts.find(key)) put(root, key, *node);
  if (prefills_apart(root) && root.find("router") == nullptr && problem.may_disaggregate())
    put(root, "router", problem.disaggregated_router);
  for (const char* key : {"servers", "router", "network", "models"}) {
    const Node* node = parts.find(key);
    if (node != nullptr && root.find(key) == nullptr) put(root, key, *node);
  }
  return {fleet.file, std::make_shared<const Node>(std::move(root))};
}

std::optional<std::size_t> server_of(const Problem& problem, const sim::Pool& pool) {
  std::vector<std::size_t> alike;
  for (std::size_t i = 0; i < problem.servers.size(); ++i) {
    if (problem.servers[i].name == pool.server) return i;
    if (problem.servers[i].accelerator == pool.accelerator.name) alike.push_back(i);
  }
  return alike.size() == 1 ? std::optional(alike.front()) : std::nullopt;
}

class Checker {
 public:
  Checker(const Problem& problem, const std::string& fleet_file, const sim::FleetInputs& inputs,
          Simulations& simulations)
      : problem_(problem),
        inputs_(inputs),
        simulations_(simulations),
        own_(load_yaml(fleet_file)),
        demand_(demand_of(problem)) {}

  FleetVerdict check() {
    const Document document = under(problem_, own_);
    fleet_ = sim::read_fleet(document, inputs_);
    for (const sim::Pool& pool : fleet_.pools) add(pool);
    choice_.storage.assign(problem_.storage.size(), std::nullopt);
    for (const sim::StorageSystemSettings& system : fleet_.storage) add(system);
    pools_ = pessimistic_pools(problem_, options_, inputs_, demand_,
                               [&](std::size_t i, const sim::FleetInputs& drawn) {
                                 return sim::read_fleet(document, drawn).pools[i];
                               });
    verdict_.normal = worst(problem_, document);
    check_losses();
    if (are_known_) add_cost();
    return std::move(verdict_);
  }

 private:
  void add(const sim::Pool& pool) {
    const std::optional<std::size_t> server = server_of(problem_, pool);
    if (!server) {
      verdict_.violations.push_back(
          {"servers", fmt::format("pool {}: the problem has no one server with {}, so it has no price",
                                  pool.name, pool.accelerator.name)});
      are_known_ = false;
    }
    PoolOption option;
    option.name = pool.name;
    option.server = server.value_or(0);
    option.site = site_of(pool);
    option.model = pool.model.name;
    option.tp = pool.tp;
    option.replicas_per_server = std::max(1u, problem_.servers[option.server].accelerators / pool.tp);
    option.pool = empty_map();
    choice_.servers.push_back((pool.replicas + option.replicas_per_server - 1) / option.replicas_per_server);
    option.most = choice_.servers.back();
    options_.pools.push_back(std::move(option));
    for (const auto& [kind, sums] : demand_.kinds) serve(kind, pool);
  }

  void add(const sim::StorageSystemSettings& system) {
    for (std::size_t i = 0; i < problem_.storage.size(); ++i) {
      const StorageOption& option = problem_.storage[i];
      for (std::size_t size = 0; size < option.sizes.size(); ++size)
        if (option.name == system.name && option.sizes[size].capacity_bytes == system.capacity_bytes)
          choice_.storage[i] = size;
    }
    const auto is_same = [&](std::size_t i) {
      return choice_.storage[i] && problem_.storage[i].name == system.name;
    };
    for (std::size_t i = 0; i < problem_.storage.size(); ++i)
      if (is_same(i)) return;
    verdict_.violations.push_back(
        {"storage", fmt::format("{}: the problem has no system of that name and size, so it has no price",
                                system.name)});
    are_known_ = false;
  }

  // For the ranking of draws alone: the fleet itself says what is lawful.
  void serve(const traces::RequestKind& kind, const sim::Pool& pool) {
    if (!kind.model.empty() && !sim::is_called(pool.model, kind.model)) return;
    options_.demand.push_back(
        {kind.tenant, kind.model, kind.slo_class, {options_.pools.size() - 1}, {}, {}, false});
  }

  std::size_t site_of(const sim::Pool& pool) const {
    std::size_t site = 0;
    while (problem_.sites[site].name != pool.site) ++site;
    return site;
  }

  // Over the seeds.
  Judgement worst(const Problem& problem, const Document& document) {
    std::vector<Variant> variants;
    for (std::uint64_t i = 0; i < problem.search.seeds; ++i)
      variants.push_back(
          {pools_, problem.search.seed + i, [&document](const Document&) { return document; }});
    const Judging judging{problem, options_, demand_, pools_, inputs_};
    const std::vector<Judgement> all = judge_variants(judging, choice_, variants, simulations_);
    return *std::min_element(all.begin(), all.end(), [](const Judgement& a, const Judgement& b) {
      return std::pair(a.passes, a.attainment) < std::pair(b.passes, b.attainment);
    });
  }

  void check_losses() {
    const Problem degraded = in_degraded_operation(problem_);
    const Document document = under(degraded, own_);
    for (const Loss& loss : losses_of(problem_, options_.pools, choice_))
      verdict_.degraded.push_back(
          {loss.in_words, worst(degraded, with_loss(document, loss, demand_.span_seconds))});
  }

  void add_cost() {
    verdict_.cost =
        cost_of(problem_, options_.pools, choice_, known_watts(problem_, options_.pools, verdict_.normal));
    for (Violation& violation : violations(problem_, options_, choice_, *verdict_.cost))
      verdict_.violations.push_back(std::move(violation));
  }

  const Problem& problem_;
  const sim::FleetInputs& inputs_;
  Simulations& simulations_;
  Document own_;
  Demand demand_;
  sim::Fleet fleet_;
  Options options_;
  FleetChoice choice_;
  DrawnPools pools_;
  FleetVerdict verdict_;
  bool are_known_ = true;
};

}  // namespace

FleetVerdict check_fleet(const Problem& problem, const std::string& fleet_file,
                         const sim::FleetInputs& inputs, Simulations& simulations) {
  return Checker(problem, fleet_file, inputs, simulations).check();
}

}  // namespace kvsim::planner
