// SPDX-License-Identifier: Apache-2.0
#include "sim/report/audit.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/labels.h"
#include "sim/scenario/isolation_names.h"
#include "sim/scenario/lawful.h"
#include "sim/scenario/read_residency.h"

namespace kvsim::sim {
namespace {

// All rows of one tenant.
class TenantRows {
 public:
  TenantRows(const Fleet& fleet, const std::string& tenant)
      : fleet_(fleet), policy_(residency_of(fleet, tenant)) {}

  void add_use(const Pool& pool, const PoolUse& use) {
    const Labels labels = labels_of(fleet_, pool);
    const std::string place = "pool " + pool.name;
    const double kv_bytes_per_token = pool.kv_bytes_per_block / pool.engine.block_size_tokens;
    add(DataObject::kCompute, place, labels, static_cast<double>(use.computed_tokens), "tokens computed");
    add(DataObject::kKvInMemory, place, labels, static_cast<double>(use.held_tokens) * kv_bytes_per_token,
        "bytes in GPU memory");
    const std::string& router = router_site(fleet_);
    const double received = static_cast<double>(use.received_tokens);
    const double returned = static_cast<double>(use.returned_tokens);
    add(DataObject::kTransit, "router at " + router, labels_of_site(fleet_, router), received + returned,
        "tokens passed on");
    if (holds(policy_.router_index, labels_of_site(fleet_, router)))
      add(DataObject::kRouterIndex, "router at " + router, labels_of_site(fleet_, router),
          static_cast<double>(use.requests), "prompts that an index may keep");
    add_way(router, pool.site, received, "tokens sent");
    add_way(pool.site, router, returned, "tokens sent");
  }

  void add_moved(const Pool& pool, const TenantKv& moved) {
    const double into_host = moved.to_host_bytes + (pool.tiers.host ? moved.storage_read_bytes : 0);
    add(DataObject::kKvInMemory, "pool " + pool.name, labels_of(fleet_, pool), into_host,
        "bytes into host memory");
    if (!pool.tiers.storage) return;
    const StorageSystemSettings& system = fleet_.storage[pool.tiers.storage->system];
    const Labels labels = labels_of(fleet_, system, pool);
    const std::string place = "storage " + system.name + (system.local ? " of pool " + pool.name : "");
    add(DataObject::kKvAtRest, place, labels, moved.storage_written_bytes, "bytes written");
    add(DataObject::kKvAtRest, place, labels, moved.storage_read_bytes, "bytes read");
    if (system.local) return;
    add_way(pool.site, system.site, moved.storage_written_bytes, "bytes of KV");
    add_way(system.site, pool.site, moved.storage_read_bytes, "bytes of KV");
  }

  void add_pulled(const Pool& prefill, const Pool& decode, std::uint64_t tokens) {
    add_way(prefill.site, decode.site, static_cast<double>(tokens), "tokens of KV handed over");
  }

  std::vector<AuditRow> take() { return std::move(rows_); }

 private:
  // Amounts of one place and kind add up.
  void add(DataObject object, const std::string& place, const Labels& labels, double amount,
           const std::string& unit) {
    if (amount == 0) return;
    const auto known = std::find_if(rows_.begin(), rows_.end(), [&](const AuditRow& row) {
      return row.object == name(object) && row.place == place && row.unit == unit;
    });
    if (known != rows_.end()) {
      known->amount += amount;
      return;
    }
    const LabelPredicate& terms = predicate(policy_, object);
    const std::string violation = first_violation(terms, labels);
    rows_.push_back(
        {name(object), place, labels, amount, unit, violation.empty(), predicate_yaml(terms), violation});
  }

  void add_way(const std::string& from, const std::string& to, double amount, const std::string& unit) {
    if (from == to) return;
    const SiteLink* link = site_link(fleet_, from, to);
    add(DataObject::kTransit, fmt::format("site link {} to {}", from, to),
        link == nullptr ? Labels() : link->labels, amount, unit);
  }

  const Fleet& fleet_;
  const ResidencyPolicy& policy_;
  std::vector<AuditRow> rows_;
};

std::vector<AuditPool> pools_of(const Fleet& fleet, const std::string& tenant) {
  std::vector<AuditPool> pools;
  for (const Pool& pool : fleet.pools) {
    AuditPool one{pool.name, false, false, reasons_against(fleet, tenant, pool)};
    one.lawful = one.reasons.empty();
    one.failover = one.lawful && holds(residency_of(fleet, tenant).failover, labels_of(fleet, pool));
    pools.push_back(std::move(one));
  }
  return pools;
}

std::vector<AuditRow> rows_of(const Fleet& fleet, const std::string& tenant, std::uint32_t index,
                              const DataLedger& ledger) {
  TenantRows rows(fleet, tenant);
  for (const auto& [place, use] : ledger.uses())
    if (place.tenant == index) rows.add_use(fleet.pools[place.pool], use);
  for (const auto& [place, moved] : ledger.moved())
    if (place.tenant == index) rows.add_moved(fleet.pools[place.pool], moved);
  for (const auto& [way, tokens] : ledger.pulled_tokens())
    if (way.tenant == index) rows.add_pulled(fleet.pools[way.prefill], fleet.pools[way.decode], tokens);
  return rows.take();
}

}  // namespace

std::vector<TenantAudit> audit(const Fleet& fleet, const traces::Names& names, const DataLedger& ledger) {
  std::vector<std::string> tenants;
  for (const Tenant& tenant : fleet.tenants) tenants.push_back(tenant.name);
  for (const std::string& name : names.tenants) traces::intern(tenants, name);
  std::vector<TenantAudit> audits;
  for (const std::string& tenant : tenants) {
    const Tenant* known = find_tenant(fleet, tenant);
    TenantAudit one{tenant_label(tenant),
                    name(known == nullptr ? Isolation::kSharedCache : known->isolation),
                    residency_yaml(residency_of(fleet, tenant)),
                    0,
                    pools_of(fleet, tenant),
                    {}};
    const auto named = std::find(names.tenants.begin(), names.tenants.end(), tenant);
    if (named != names.tenants.end()) {
      const auto index = static_cast<std::uint32_t>(named - names.tenants.begin());
      const auto rejected = ledger.without_route().find(index);
      if (rejected != ledger.without_route().end()) one.without_route = rejected->second;
      one.rows = rows_of(fleet, tenant, index, ledger);
    }
    if (known != nullptr || one.without_route > 0 || !one.rows.empty()) audits.push_back(std::move(one));
  }
  return audits;
}

DataLedger make_ledger(const Fleet& fleet) {
  std::vector<std::uint32_t> pool_of_replica;
  for (std::uint32_t pool = 0; pool < fleet.pools.size(); ++pool)
    pool_of_replica.insert(pool_of_replica.end(), fleet.pools[pool].replicas, pool);
  return DataLedger(std::move(pool_of_replica));
}

}  // namespace kvsim::sim
