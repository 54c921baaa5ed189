// SPDX-License-Identifier: Apache-2.0
#include "planner/cost_lines.h"
#include "planner/in_words.h"
#include "planner/output/bill.h"
#include "planner/output/json_parts.h"
#include "planner/output/residency_map.h"
#include "planner/output/tenant_costs.h"
#include "planner/parts.h"
#include "sim/scenario/role_names.h"

namespace kvsim::planner {
namespace {

class Recommended {
 public:
  Recommended(JsonWriter& json, const Plan& plan)
      : json_(json), plan_(plan), best_(plan.evaluated[*plan.best]) {}

  void add() {
    json_.begin_object();
    json_.member("fleet", in_words(plan_.problem, plan_.options.pools, best_.choice));
    add_pools();
    add_storage();
    add_cost();
    add_bill();
    add_power();
    add_tenants();
    json_.end_object();
  }

 private:
  void add_pools() {
    json_.key("pools").begin_array();
    for (std::size_t i = 0; i < plan_.options.pools.size(); ++i)
      if (best_.choice.servers[i] > 0) add_pool(plan_.options.pools[i], best_.choice.servers[i]);
    json_.end_array();
  }

  void add_pool(const PoolOption& pool, std::uint32_t servers) {
    const ServerOption& server = plan_.problem.servers[pool.server];
    json_.begin_object().member("name", pool.name);
    json_.member("site", plan_.problem.sites[pool.site].name).member("server", server.name);
    json_.member("accelerator", server.accelerator).member("vendor", server.vendor);
    json_.member("model", pool.model).member("engine", plan_.problem.engines[pool.engine].name);
    json_.member("servers", servers).member("replicas", servers * pool.replicas_per_server);
    json_.member("accelerators_per_replica", pool.tp);
    json_.member("accelerators", servers * server.accelerators);
    if (pool.role != sim::PoolRole::kBoth) json_.member("role", sim::name(pool.role));
    json_.member("dedicated_to", pool.dedicated_to).key("storage");
    pool.storage ? json_.value(plan_.problem.storage[*pool.storage].name) : json_.null();
    json_.end_object();
  }

  void add_storage() {
    json_.key("storage").begin_array();
    for (std::size_t i = 0; i < best_.choice.storage.size(); ++i) {
      if (!best_.choice.storage[i]) continue;
      const StorageOption& option = plan_.problem.storage[i];
      const StorageSize& size = option.sizes[*best_.choice.storage[i]];
      json_.begin_object().member("name", option.name).member("site", option.site);
      json_.member("capacity_bytes", size.capacity_bytes);
      json_.member("read_bytes_per_second", size.read_bytes_per_second);
      json_.member("write_bytes_per_second", size.write_bytes_per_second);
      json_.end_object();
    }
    json_.end_array();
  }

  void add_cost() {
    json_.key("cost").begin_object();
    add_totals(json_, best_.cost);
    add_objects(json_, "lines", best_.cost.lines, [&](const CostLine& line) {
      json_.member("kind", name(line.kind)).member("site", line.site).member("item", line.item);
      json_.member("count", line.count).member("year", line.year);
      json_.member("purchase", line.purchase).member("per_year", line.per_year);
    });
    add_objects(json_, "years", best_.cost.years, [&](const YearFlow& flow) {
      json_.member("year", flow.year).member("purchase", flow.purchase).member("opex", flow.opex);
      json_.member("residual", flow.residual).member("discounted", flow.discounted);
    });
    json_.end_object();
  }

  void add_bill() {
    add_objects(json_, "bill_of_materials", bill_of_materials(plan_), [&](const BillLine& bill) {
      json_.member("kind", name(bill.line.kind))
          .member("site", bill.line.site)
          .member("item", bill.line.item);
      json_.member("count", bill.line.count).member("year", bill.line.year).key("unit").begin_object();
      add_price(json_, bill.unit);
      json_.end_object();
      json_.member("purchase", bill.line.purchase)
          .member("rent_per_year", bill.is_rent() ? bill.line.per_year : 0);
    });
  }

  void add_power() {
    const Problem& problem = plan_.problem;
    const std::vector<FleetPower> power =
        site_power(problem, plan_.options.pools, quantities_of(problem, plan_.options.pools, best_.choice),
                   best_.normal.watts);
    json_.key("power").begin_array();
    for (std::size_t i = 0; i < power.size(); ++i) add_site_power(problem.sites[i], power[i]);
    json_.end_array();
  }

  void add_site_power(const PlannedSite& site, const FleetPower& power) {
    const double hourly = site.watts_by_hour.lowest();
    json_.begin_object().member("site", site.name).member("pue", site.pue);
    json_.member("it_watts_mean", power.mean_watts).member("it_watts_most", power.most_watts);
    json_.member("facility_watts_mean", power.mean_watts * site.pue);
    json_.member("facility_watts_most", power.most_watts * site.pue);
    json_.member("limit_facility_watts", site.watts);
    json_.member("limit_facility_watts_lowest_hour", hourly > 0 ? std::optional(hourly) : std::nullopt);
    json_.member("limit_it_watts_cooling", site.cooling_watts);
    json_.end_object();
  }

  void add_tenants() {
    add_objects(json_, "service", plan_.service, [&](const TenantService& tenant) {
      json_.member("tenant", tenant.tenant).member("requests_per_second", tenant.requests_per_second);
      json_.member("input_tokens_per_second", tenant.input_tokens_per_second);
      json_.member("output_tokens_per_second", tenant.output_tokens_per_second);
      json_.member("attainment", tenant.attainment);
    });
    const ServedPrices prices = served_prices(plan_);
    json_.key("cost_of_service").begin_object().member("per_request", prices.per_request);
    json_.member("per_million_input_tokens", prices.per_million_input_tokens);
    json_.member("per_million_output_tokens", prices.per_million_output_tokens);
    json_.member("per_million_tokens", prices.per_million_tokens).end_object();
    add_objects(json_, "cost_per_tenant", cost_per_tenant(plan_), [&](const TenantCost& tenant) {
      json_.member("tenant", tenant.tenant).member("tokens_per_second", tenant.tokens_per_second);
      json_.member("dedicated_share", tenant.dedicated_share).member("shared_share", tenant.shared_share);
      json_.member("tco", tenant.tco).member("per_million_tokens", tenant.per_million_tokens);
    });
  }

  JsonWriter& json_;
  const Plan& plan_;
  const EvaluatedFleet& best_;
};

}  // namespace

void add_totals(JsonWriter& json, const Totals& totals) {
  json.member("objective", totals.objective).member("tco", totals.tco).member("capex", totals.capex);
  json.member("opex_per_year", totals.opex_per_year).member("per_hour", totals.per_hour);
  json.member("facility_watts_mean", totals.facility_watts);
  json.member("facility_watts_most", totals.facility_watts_most);
  json.member("carbon_kg_per_year", totals.carbon_kg_per_year);
}

void add_recommended(JsonWriter& json, const Plan& plan) {
  json.key("recommended");
  plan.best ? Recommended(json, plan).add() : static_cast<void>(json.null());
  add_objects(json, "residency", residency_map(plan), [&](const ResidencyCell& cell) {
    json.member("tenant", cell.tenant).member("site", cell.site).member("state", name(cell.state));
    add_list(json, "reasons", cell.reasons);
  });
}

}  // namespace kvsim::planner
