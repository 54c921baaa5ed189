// SPDX-License-Identifier: Apache-2.0
// Do plan.json, the CSVs and the page say the same, and all of it?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "base/files.h"
#include "planner/output/plan_csv.h"
#include "planner/output/plan_html.h"
#include "planner/output/plan_json.h"
#include "planner/output/plan_table.h"
#include "planner/output/recommendation.h"
#include "planner/output/tenant_costs.h"
#include "tests/browser/chromium.h"
#include "tests/planner/output/csv_cells.h"
#include "tests/planner/output/small_plan.h"
#include "tests/schema_faults.h"

namespace kvsim::planner {
namespace {

using testing::at;
using testing::faults_of;
using ::testing::HasSubstr;
using testing::occurrences;

Document json_of(const SmallPlan& small) {
  std::ostringstream out;
  write_plan_json(out, small.plan, small.what_if);
  return parse_json(out.str(), "plan.json");
}
std::string page_of(const SmallPlan& small) {
  std::ostringstream out;
  write_plan_html(out, small.plan, small.what_if);
  return out.str();
}
CsvCells cells(void (*write)(std::ostream&, const Plan&), const Plan& plan) {
  return CsvCells([&](std::ostream& out) { write(out, plan); });
}
double number_at(const Document& document, const std::string& path) {
  return std::stod(at(*document.root, path).scalar);
}
const FleetCost& best_cost(const Plan& plan) { return plan.evaluated[*plan.best].cost; }

const std::string kHostile = "a,\"b\"\n</script><b>x</b>";

// --- plan.json ---
TEST(PlanJson, HasExactlyTheKeysOfTheSchema) {
  const Document schema = load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/plan.schema.json");
  for (const SmallPlan& small : {small_plan(), small_plan(kHostile), infeasible_plan(), fruitless_plan()})
    EXPECT_EQ(faults_of(json_of(small), schema), std::vector<std::string>());
}

// Keys that the schema names and a plan with everything lacks: the schema is not ahead of the writer.
void missing(const Node& node, const Node& schema, const Node& root, const std::string& path,
             std::vector<std::string>& found) {
  const Node& here = testing::resolved(schema, root);
  if (const Node* items = here.find("items"); items != nullptr && node.is_sequence()) {
    if (node.items.empty() && testing::resolved(*items, root).find("properties"))
      found.push_back(path + "[]");
    for (const Node& item : node.items) missing(item, *items, root, path + "[]", found);
  }
  const Node* properties = here.find("properties");
  if (properties == nullptr || !node.is_map()) return;
  for (const auto& [key, property] : properties->members)
    if (const Node* value = node.find(key))
      missing(*value, property, root, path + "/" + key, found);
    else
      found.push_back(path + "/" + key);
}

TEST(PlanJson, LeavesNoListOrKeyOfTheSchemaUntested) {
  const Document schema = load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/plan.schema.json");
  const Document plan = json_of(small_plan());
  std::vector<std::string> found;
  missing(*plan.root, *schema.root, *schema.root, "", found);
  // Only some fleets break a constraint, only a plan without an answer has conflicts, and only pools that do
  // a part of each request have a role.
  std::erase_if(found, [](const std::string& path) {
    return path == "/evaluated[]/violations[]" || path == "/recommended/pools[]/role";
  });
  EXPECT_EQ(found, std::vector<std::string>());
}

TEST(PlanJson, NamesTheRoleOfAPool) {
  SmallPlan small = small_plan();
  for (PoolOption& pool : small.plan.options.pools) pool.role = sim::PoolRole::kPrefill;
  const Document plan = json_of(small);
  for (const Node& pool : at(*plan.root, "recommended").find("pools")->items)
    EXPECT_EQ(pool.find("role")->scalar, "prefill");
}

TEST(PlanJson, GetsTheSameBytesTwice) {
  const SmallPlan small = small_plan();
  std::ostringstream once, twice;
  write_plan_json(once, small.plan, small.what_if);
  write_plan_json(twice, small.plan, small.what_if);
  EXPECT_EQ(once.str(), twice.str());
}

TEST(PlanJson, HasNothingToRecommendWhereNothingWasFound) {
  for (const SmallPlan& small : {infeasible_plan(), fruitless_plan()}) {
    const Document plan = json_of(small);
    EXPECT_TRUE(at(*plan.root, "recommended").is_null());
    EXPECT_TRUE(at(*plan.root, "best").is_null());
  }
}

TEST(PlanJson, TellsWhereATenantIsServedAndWhatForbidsTheRest) {
  const Document plan = json_of(small_plan());
  const auto cell = [&](int i, const char* key) {
    return at(*plan.root, "residency/" + std::to_string(i) + "/" + key).scalar;
  };
  EXPECT_EQ(cell(0, "tenant"), "default");
  EXPECT_EQ(cell(0, "state"), "used");
  EXPECT_EQ(cell(2, "tenant"), "health");
  EXPECT_EQ(cell(2, "state"), "refused");
  EXPECT_EQ(at(*plan.root, "residency/2/reasons/0").scalar, "owner_country is US, allowed: FR");
  EXPECT_EQ(at(*plan.root, "residency/2/reasons").items.size(), 1u);  // of two options
  EXPECT_EQ(cell(3, "state"), "used");
  EXPECT_EQ(cell(4, "state"), "used");  // bank: the cloud at paris is refused, hgx there is not
}

// --- sums ---
TEST(PlanSums, TheBillIsTheMoneyAtTheStart) {
  const Plan plan = small_plan().plan;
  const CsvCells bill = cells(write_bill_csv, plan);
  double start = 0, later = 0;
  for (std::size_t row = 0; row < bill.rows(); ++row)
    (bill.cell(row, "year") == "0" ? start : later) += std::stod(bill.cell(row, "total"));
  EXPECT_NEAR(start, best_cost(plan).capex, 1e-6);
  EXPECT_GT(later, 0);  // an installed server is bought anew in year 2
  EXPECT_NEAR(bill.sum("rent_per_year"), 60 * 8760, 1e-6);
}

TEST(PlanSums, EachLineOfTheBillIsItsCountTimesItsPrice) {
  const CsvCells bill = cells(write_bill_csv, small_plan().plan);
  for (std::size_t row = 0; row < bill.rows(); ++row) {
    const auto number = [&](const char* column) { return std::stod(bill.cell(row, column)); };
    EXPECT_NEAR(number("count") * number("unit_price"), number("total"), 1e-6) << row;
    EXPECT_NEAR(number("count") * number("unit_rent_per_year"), number("rent_per_year"), 1e-6) << row;
  }
}

TEST(PlanSums, TheCashFlowIsTheTotalCost) {
  const Plan plan = small_plan().plan;
  const CsvCells flow = cells(write_cash_flow_csv, plan);
  EXPECT_NEAR(flow.sum("discounted"), best_cost(plan).tco, 1e-6);
  EXPECT_EQ(flow.rows(), 5u);
}

TEST(PlanSums, TenantsPayTheTotalCost) {
  for (const std::string& name : {std::string(), kHostile}) {
    Plan plan = small_plan(name).plan;
    EXPECT_NEAR(cells(write_tenants_csv, plan).sum("tco"), best_cost(plan).tco, 1e-6);
    plan.service.clear();  // nothing is known of what each got
    const CsvCells blind = cells(write_tenants_csv, plan);
    EXPECT_NEAR(blind.sum("tco"), best_cost(plan).tco, 1e-6);
    EXPECT_EQ(blind.rows(), 2u);  // health with its own server, and all others
  }
}

// Two shared pools and one of health's own: it pays that server, the others the rest by their tokens: default
// 11500, bank 1900.
TEST(PlanSums, OwnServersAreTheirTenantsAndTheRestGoesByTokens) {
  const CsvCells tenants = cells(write_tenants_csv, small_plan().plan);
  const auto share = [&](std::size_t row, const char* column) {
    return std::stod(tenants.cell(row, column));
  };
  EXPECT_EQ(tenants.cell(1, "tenant"), "health");
  EXPECT_EQ(share(1, "shared_share"), 0);
  EXPECT_GT(share(1, "dedicated_share"), 0);
  EXPECT_NEAR(share(0, "shared_share") / share(2, "shared_share"), 11500.0 / 1900, 1e-9);
}

TEST(PlanSums, ThePagesTotalsAreThoseOfTheTables) {
  const Plan plan = small_plan().plan;
  const Document json = json_of(small_plan());
  const auto total = [&](const std::string& list, const std::string& key) {
    double sum = 0;
    for (std::size_t i = 0; i < at(*json.root, list).items.size(); ++i)
      sum += number_at(json, list + "/" + std::to_string(i) + "/" + key);
    return sum;
  };
  EXPECT_NEAR(total("recommended/bill_of_materials", "purchase"), cells(write_bill_csv, plan).sum("total"),
              1e-6);
  EXPECT_NEAR(total("recommended/cost/years", "discounted"),
              cells(write_cash_flow_csv, plan).sum("discounted"), 1e-6);
  EXPECT_NEAR(total("recommended/cost_per_tenant", "tco"), cells(write_tenants_csv, plan).sum("tco"), 1e-6);
  EXPECT_EQ(number_at(json, "recommended/cost/tco"), best_cost(plan).tco);
}

TEST(PlanSums, WhatIsServedPaysForAllOfIt) {
  // Money for one request x requests a second x seconds of the plan's years at its mean load = the total
  // cost.
  const Plan plan = small_plan().plan;
  double requests = 0, output = 0;
  for (const TenantService& tenant : plan.service) {
    requests += tenant.requests_per_second;
    output += tenant.output_tokens_per_second;
  }
  const double seconds = plan.problem.finance.years * 8760 * 3600 * plan.problem.workload.mean_load;
  const ServedPrices prices = served_prices(plan);
  EXPECT_NEAR(prices.per_request * requests * seconds, best_cost(plan).tco, 1e-3);
  EXPECT_NEAR(prices.per_million_output_tokens * output / 1e6 * seconds, best_cost(plan).tco, 1e-3);
}

// --- CSVs ---
TEST(PlanCsv, RowsAreAsWideAsTheirHeaderWhateverNamesHold) {
  for (const SmallPlan& small : {small_plan(kHostile), fruitless_plan(), infeasible_plan()})
    for (auto* write :
         {write_bill_csv, write_cash_flow_csv, write_tenants_csv, write_rejected_csv, write_evaluated_csv})
      EXPECT_TRUE(cells(write, small.plan).is_even());
  EXPECT_EQ(cells(write_tenants_csv, small_plan(kHostile).plan).cell(3, "tenant"), kHostile);
}

TEST(PlanCsv, EveryFleetThatFailsHasAReason) {
  const Plan plan = small_plan().plan;
  const CsvCells rejected = cells(write_rejected_csv, plan), evaluated = cells(write_evaluated_csv, plan);
  EXPECT_EQ(rejected.rows(), 3u);  // a server by rule, a fleet by its goal, a fleet by a constraint
  EXPECT_THAT(rejected.cell(1, "reason"), HasSubstr("chat: attainment under 0.95"));
  EXPECT_THAT(rejected.cell(2, "reason"), HasSubstr("constraints.vendor_share"));
  for (std::size_t row = 0; row < evaluated.rows(); ++row)
    EXPECT_EQ(evaluated.cell(row, "faults").empty(), evaluated.cell(row, "feasible") == "true");
  EXPECT_EQ(evaluated.cell(1, "best"), "true");
  EXPECT_EQ(evaluated.cell(2, "tie"), "true");
}

// --- the terminal ---
TEST(PlanTable, SaysWhatToBuyWhatItCostsAndHowSureItIs) {
  const SmallPlan small = small_plan();
  const std::string table = plan_table(small.plan, small.what_if);
  for (const std::string& part :
       {std::string("Run 3 hgx-h100 at paris"), money(small.plan, best_cost(small.plan).tco),
        std::string("Bill of materials"), std::string("router host"), std::string("17 of 20 draws"),
        std::string("3.0 %"), std::string("Left out"), std::string("twice the users"),
        std::string("cannot be told from the best")})
    EXPECT_THAT(table, HasSubstr(part));
}

TEST(PlanTable, NamesTheRulesThatStandAgainstEachOther) {
  EXPECT_THAT(plan_table(infeasible_plan().plan, {}),
              HasSubstr("constraints.capex, sites[0].watts cannot hold together"));
  EXPECT_THAT(plan_table(fruitless_plan().plan, {}), HasSubstr("the nearest is 2 hgx-h100 at paris"));
}

TEST(PlanTable, GroupsDigitsByThrees) {
  EXPECT_EQ(whole_number(0), "0");
  EXPECT_EQ(whole_number(999.4), "999");
  EXPECT_EQ(whole_number(1234567.8), "1,234,568");
  EXPECT_EQ(whole_number(-1000), "-1,000");
  EXPECT_EQ(whole_number(-0.2), "0");
}

// --- the page ---
TEST(PlanHtml, NamesCannotEndTheirElement) {
  const std::size_t plain = occurrences(page_of(small_plan()), "</script>");
  EXPECT_EQ(occurrences(page_of(small_plan(kHostile)), "</script>"), plain);
}

TEST(PlanHtml, AsksTheNetworkForNothing) {
  const std::string page = page_of(small_plan());
  EXPECT_EQ(occurrences(page, " src="), 0u);
  EXPECT_EQ(occurrences(page, "<link"), 0u);
}

class PlanPage : public testing::Chromium {};

TEST_F(PlanPage, DrawsEveryChartWithoutAComplaint) {
  const std::string dom = shown(page_of(small_plan(kHostile)));
  EXPECT_EQ(occurrences(dom, "<canvas"), 7u);
  EXPECT_EQ(occurrences(dom, "<b>x</b>"), 0u);
}

TEST_F(PlanPage, ShowsTheSumsOfTheTables) {
  const Plan plan = small_plan().plan;
  const std::string dom = shown(page_of(small_plan()));
  EXPECT_THAT(dom, HasSubstr("Total at the start: " + money(plan, best_cost(plan).capex)));
  EXPECT_THAT(dom, HasSubstr("Total cost of ownership: " +
                             money(plan, cells(write_cash_flow_csv, plan).sum("discounted"))));
  EXPECT_THAT(dom,
              HasSubstr("All tenants together: " + money(plan, cells(write_tenants_csv, plan).sum("tco"))));
}

TEST_F(PlanPage, ShowsThatThereIsNoPlan) {
  for (const SmallPlan& small : {infeasible_plan(), fruitless_plan()})
    EXPECT_THAT(shown(page_of(small)), HasSubstr("class=\"verdict queue_grows\""));
}

}  // namespace
}  // namespace kvsim::planner
