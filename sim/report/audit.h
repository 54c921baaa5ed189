// SPDX-License-Identifier: Apache-2.0
// The audit of a run: for each tenant, where its tokens and bytes were, and by which predicate of its
// residency policy that was allowed. Judged from the fleet's labels and from what happened, not from what the
// router was told.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "sim/metrics/data_ledger.h"
#include "sim/scenario/fleet.h"
#include "traces/source.h"

namespace kvsim::sim {

struct AuditRow {
  std::string object;  // as in a policy
  std::string place;   // "pool paris", "storage scale", "site link paris to berlin", "router at paris"
  Labels labels;       // of the place
  double amount = 0;
  std::string unit;  // "tokens computed", "bytes in GPU memory", "bytes written", ...
  bool allowed = true;
  std::string predicate;  // "{country: [FR, DE]}"; "{}": anything goes
  std::string violation;  // empty where allowed
};

struct AuditPool {  // that may or may not serve the tenant
  std::string name;
  bool lawful = false;
  bool failover = false;             // and may take over from others
  std::vector<std::string> reasons;  // where it is not lawful
};

struct TenantAudit {
  std::string tenant;
  std::string isolation;
  std::string policy;  // as fleet YAML
  std::uint64_t without_route =
      0;                         // requests rejected for want of a lawful route, or by the router's filters
  std::vector<AuditPool> pools;  // of the fleet
  std::vector<AuditRow> rows;
};

// Tenants of the fleet in its order, then those that only the workload names and that sent something.
std::vector<TenantAudit> audit(const Fleet& fleet, const traces::Names& names, const DataLedger& ledger);

DataLedger make_ledger(const Fleet& fleet);
// audit.csv and audit.json, each whole or not at all.
void write_audit(const std::string& folder, const std::vector<TenantAudit>& tenants);
void remove_audit(const std::string& folder);
void write_audit_csv(std::ostream& out, const std::vector<TenantAudit>& tenants);
void write_audit_json(std::ostream& out, const std::vector<TenantAudit>& tenants);

}  // namespace kvsim::sim
