// SPDX-License-Identifier: Apache-2.0
// What the audit says of records made by hand: every place with its amount, and what was not allowed there.
#include "sim/report/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/document.h"
#include "tests/sim/support/summaries.h"

namespace kvsim::sim {
namespace {

using ::testing::HasSubstr;

Fleet two_sites() {
  return testing::fleet_of(R"(
sites:
  - {name: paris, labels: {country: FR}}
  - {name: dallas, labels: {country: US}}
network: {site_links: [{from: paris, to: dallas, bytes_per_second: 1GB, labels: {country: FR}}]}
pools:
  - {name: here, site: paris, model: Llama-3.1-8B, accelerator: H100-SXM-80, replicas: 2, kv: {host: {capacity: 1GiB}}}
  - {name: there, site: dallas, model: Llama-3.1-8B, accelerator: H100-SXM-80}
tenants: [{name: t, residency: {compute: {country: FR}, transit: {country: FR}}}, {name: silent}]
)");
}

RequestRecord record_on(std::uint32_t replica) {
  RequestRecord record;
  record.replica = replica;
  record.input_tokens = 1000;
  record.output_tokens = 100;
  record.hit_tokens = 256;
  record.host_hit_tokens = 128;
  record.routed = record.scheduled = 0;
  return record;
}

struct Audited {
  Fleet fleet = two_sites();
  DataLedger ledger = make_ledger(fleet);
  traces::Names names;
  Audited() {
    names.tenants = {"", "t"};
    ledger.on_group(0, {0, 0, 1});
  }
  std::vector<TenantAudit> audits() const { return audit(fleet, names, ledger); }
  // Of tenant t, in place and unit.
  AuditRow row(const std::string& place, const std::string& unit) const {
    const TenantAudit of_t = audits()[0];
    for (const AuditRow& one : of_t.rows)
      if (one.place == place && one.unit == unit) return one;
    return {};
  }
};

TEST(Audit, TellsWhereTokensAndBytesWere) {
  Audited run;
  run.ledger.on_finished(record_on(0));
  run.ledger.on_finished(record_on(1));
  run.ledger.on_tenant_kv(1, {{}, {4096, 1024, 0, 0}});
  // Each: 1000 - 256 - 128 of the prompt and 100 of the answer are computed; 1100 are held, 128 KiB each:
  // 32 layers x 8 KV heads x 128 x 2 (K and V) x 2 bytes.
  EXPECT_DOUBLE_EQ(run.row("pool here", "tokens computed").amount, 2 * (1000 - 256 - 128 + 100));
  EXPECT_DOUBLE_EQ(run.row("pool here", "bytes in GPU memory").amount, 2 * 1100 * 131072.0);
  EXPECT_DOUBLE_EQ(run.row("pool here", "bytes into host memory").amount, 4096);
  EXPECT_DOUBLE_EQ(run.row("router at paris", "tokens passed on").amount, 2 * 1100);
  EXPECT_DOUBLE_EQ(run.row("router at paris", "prompts that an index may keep").amount, 2);
  EXPECT_EQ(run.row("pool here", "tokens computed").predicate, "{country: [FR]}");
  const TenantAudit of_t = run.audits()[0];
  for (const AuditRow& row : of_t.rows) EXPECT_TRUE(row.allowed) << row.place;
}

TEST(Audit, JudgesWhatHappenedNotWhatShouldHave) {
  Audited run;
  run.ledger.on_finished(record_on(2));
  const AuditRow compute = run.row("pool there", "tokens computed");
  EXPECT_FALSE(compute.allowed);
  EXPECT_EQ(compute.violation, "country is US, allowed: FR");
  EXPECT_TRUE(run.row("pool there", "bytes in GPU memory").allowed);
  EXPECT_DOUBLE_EQ(run.row("site link paris to dallas", "tokens sent").amount, 1000);
  EXPECT_DOUBLE_EQ(run.row("site link dallas to paris", "tokens sent").amount, 100);
  EXPECT_TRUE(run.row("site link dallas to paris", "tokens sent").allowed);
}

TEST(Audit, CountsBothPoolsOfAHandOver) {
  Audited run;
  RequestRecord record = record_on(0);
  record.hit_tokens = record.host_hit_tokens = 0;
  record.prefill_replica = 2;
  record.pulled_tokens = 999;
  run.ledger.on_finished(record);
  EXPECT_DOUBLE_EQ(run.row("pool there", "tokens computed").amount, 1000);
  EXPECT_DOUBLE_EQ(run.row("pool here", "tokens computed").amount, 1 + 100);
  EXPECT_DOUBLE_EQ(run.row("site link dallas to paris", "tokens of KV handed over").amount, 999);
}

TEST(Audit, KnowsWhoNeverReachedAPool) {
  Audited run;
  RequestRecord record = record_on(0);
  record.routed = kNever;
  record.status = RequestStatus::kTimedOut;
  run.ledger.on_finished(record);
  record.status = RequestStatus::kRejectedNoRoute;
  run.ledger.on_finished(record);
  EXPECT_TRUE(run.audits()[0].rows.empty());
  EXPECT_EQ(run.audits()[0].without_route, 1u);
}

TEST(Audit, ListsThePoolsOfEachTenantWithReasons) {
  const std::vector<TenantAudit> audits = Audited().audits();
  ASSERT_EQ(audits.size(), 2u);  // the workload's tenant without a name has sent nothing
  EXPECT_TRUE(audits[0].pools[0].lawful);
  EXPECT_THAT(audits[0].pools[1].reasons, ::testing::ElementsAre("country is US, allowed: FR (compute)"));
  EXPECT_TRUE(audits[1].pools[1].lawful);
}

TEST(Audit, FilesHoldTheSame) {
  Audited run;
  run.ledger.on_finished(record_on(2));
  std::ostringstream csv, json;
  write_audit_csv(csv, run.audits());
  write_audit_json(json, run.audits());
  EXPECT_THAT(csv.str(),
              HasSubstr("t,compute,pool there,\"{country: US, vendor: NVIDIA}\",716,tokens computed,no,"
                        "{country: [FR]},\"country is US, allowed: FR\"\n"));
  const Document document = parse_json(json.str(), "audit.json");
  const Node& tenant = document.root->find("tenants")->items[0];
  EXPECT_EQ(tenant.find("places")->items.size(), run.audits()[0].rows.size());
  EXPECT_EQ(tenant.find("policy")->scalar, "{compute: {country: [FR]}, transit: {country: [FR]}}");
}

}  // namespace
}  // namespace kvsim::sim
