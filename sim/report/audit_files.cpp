// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "base/files.h"
#include "base/json_writer.h"
#include "sim/report/audit.h"
#include "sim/report/csv.h"
#include "sim/scenario/read_residency.h"

namespace kvsim::sim {
namespace {

void add_pool(JsonWriter& json, const AuditPool& pool) {
  json.begin_object().member("pool", pool.name).member("lawful", pool.lawful);
  json.member("failover", pool.failover).key("reasons").begin_array();
  for (const std::string& reason : pool.reasons) json.value(reason);
  json.end_array().end_object();
}

void add_row(JsonWriter& json, const AuditRow& row) {
  json.begin_object().member("object", row.object).member("place", row.place).key("labels").begin_object();
  for (const auto& [key, value] : row.labels) json.member(key, value);
  json.end_object().member("amount", row.amount).member("unit", row.unit);
  json.member("allowed", row.allowed).member("predicate", row.predicate);
  json.member("violation", row.violation).end_object();
}

}  // namespace

void write_audit_csv(std::ostream& out, const std::vector<TenantAudit>& tenants) {
  out << "tenant,object,place,labels,amount,unit,allowed,predicate,violation\n";
  for (const TenantAudit& tenant : tenants)
    for (const AuditRow& row : tenant.rows)
      out << csv_text(tenant.tenant) << ',' << row.object << ',' << csv_text(row.place) << ','
          << csv_text(labels_yaml(row.labels)) << ',' << csv_number(row.amount) << ',' << row.unit << ','
          << (row.allowed ? "yes" : "no") << ',' << csv_text(row.predicate) << ',' << csv_text(row.violation)
          << '\n';
}

void write_audit_json(std::ostream& out, const std::vector<TenantAudit>& tenants) {
  JsonWriter json(out);
  json.begin_object().member(
      "note",
      "Judged by the labels that the fleet declares. kvsim does not know whether they are true, and gives "
      "no legal advice.");
  json.key("tenants").begin_array();
  for (const TenantAudit& tenant : tenants) {
    json.begin_object().member("tenant", tenant.tenant).member("isolation", tenant.isolation);
    json.member("policy", tenant.policy).member("requests_without_route", tenant.without_route);
    json.key("pools").begin_array();
    for (const AuditPool& pool : tenant.pools) add_pool(json, pool);
    json.end_array().key("places").begin_array();
    for (const AuditRow& row : tenant.rows) add_row(json, row);
    json.end_array().end_object();
  }
  json.end_array().end_object();
}

void write_audit(const std::string& folder, const std::vector<TenantAudit>& tenants) {
  write_file(folder + "/audit.csv", [&](std::ostream& out) { write_audit_csv(out, tenants); });
  write_file(folder + "/audit.json", [&](std::ostream& out) { write_audit_json(out, tenants); });
}

void remove_audit(const std::string& folder) {
  for (const char* file : {"/audit.csv", "/audit.json"}) std::filesystem::remove(folder + file);
}

}  // namespace kvsim::sim
