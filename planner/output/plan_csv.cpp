// SPDX-License-Identifier: Apache-2.0
#include "planner/output/plan_csv.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "planner/in_words.h"
#include "planner/output/alternatives.h"
#include "planner/output/bill.h"
#include "planner/output/tenant_costs.h"
#include "sim/report/csv.h"

namespace kvsim::planner {
namespace {

class CsvRow {
 public:
  explicit CsvRow(std::ostream& out) : out_(out) {}
  ~CsvRow() { out_ << '\n'; }
  CsvRow(const CsvRow&) = delete;
  CsvRow& operator=(const CsvRow&) = delete;

  CsvRow& text(const std::string& text) { return cell(sim::csv_text(text)); }
  CsvRow& number(double number) { return cell(sim::csv_number(number)); }
  CsvRow& flag(bool flag) { return cell(flag ? "true" : "false"); }

 private:
  CsvRow& cell(const std::string& cell) {
    out_ << (is_first_ ? "" : ",") << cell;
    is_first_ = false;
    return *this;
  }

  std::ostream& out_;
  bool is_first_ = true;
};

bool contains(const std::vector<std::size_t>& indices, std::size_t index) {
  return std::find(indices.begin(), indices.end(), index) != indices.end();
}

std::string fleet_in_words(const Plan& plan, std::size_t index) {
  return in_words(plan.problem, plan.options.pools, plan.evaluated[index].choice);
}

}  // namespace

void write_bill_csv(std::ostream& out, const Plan& plan) {
  out << "kind,site,item,count,year,unit_price,total,unit_rent_per_year,rent_per_year,unit_low,unit_high,"
         "unverified,source\n";
  for (const BillLine& bill : bill_of_materials(plan)) {
    const CostLine& line = bill.line;
    CsvRow row(out);
    row.text(name(line.kind)).text(line.site).text(line.item).number(line.count).number(line.year);
    row.number(bill.is_rent() ? 0 : bill.unit.value).number(line.purchase);
    row.number(bill.is_rent() ? bill.unit.value : 0).number(bill.is_rent() ? line.per_year : 0);
    row.number(bill.unit.low).number(bill.unit.high).flag(bill.unit.unverified).text(bill.unit.source);
  }
}

void write_cash_flow_csv(std::ostream& out, const Plan& plan) {
  out << "year,purchase,opex,residual,net,discounted\n";
  if (!plan.best) return;
  for (const YearFlow& flow : plan.evaluated[*plan.best].cost.years) {
    CsvRow row(out);
    row.number(flow.year).number(flow.purchase).number(flow.opex).number(flow.residual);
    row.number(flow.purchase + flow.opex - flow.residual).number(flow.discounted);
  }
}

void write_tenants_csv(std::ostream& out, const Plan& plan) {
  out << "tenant,requests_per_second,tokens_per_second,dedicated_share,shared_share,tco,per_million_tokens\n";
  for (const TenantCost& tenant : cost_per_tenant(plan)) {
    CsvRow row(out);
    row.text(tenant.tenant).number(tenant.requests_per_second).number(tenant.tokens_per_second);
    row.number(tenant.dedicated_share).number(tenant.shared_share);
    row.number(tenant.tco).number(tenant.per_million_tokens);
  }
}

void write_rejected_csv(std::ostream& out, const Plan& plan) {
  out << "stage,what,reason,path\n";
  for (const Rejected& one : plan.options.rejected)
    CsvRow(out).text("left out").text(one.what).text(one.reason).text(one.path);
  for (std::size_t i = 0; i < plan.evaluated.size(); ++i) {
    const std::vector<std::string> reasons = faults(plan.evaluated[i]);
    if (!reasons.empty())
      CsvRow(out).text("simulated").text(fleet_in_words(plan, i)).text(join(reasons, "; ")).text("");
  }
}

void write_evaluated_csv(std::ostream& out, const Plan& plan) {
  out << "index,fleet,origin,feasible,best,tie,pareto,objective,tco,capex,opex_per_year,attainment,"
         "completed_share,facility_watts_mean,carbon_kg_per_year,faults\n";
  for (std::size_t i = 0; i < plan.evaluated.size(); ++i) {
    const EvaluatedFleet& fleet = plan.evaluated[i];
    CsvRow row(out);
    row.number(static_cast<double>(i)).text(fleet_in_words(plan, i)).text(fleet.origin);
    row.flag(fleet.feasible())
        .flag(plan.best == i)
        .flag(contains(plan.ties, i))
        .flag(contains(plan.pareto, i));
    row.number(fleet.cost.objective).number(fleet.cost.tco).number(fleet.cost.capex);
    row.number(fleet.cost.opex_per_year).number(fleet.normal.attainment).number(fleet.normal.completed_share);
    row.number(fleet.cost.facility_watts).number(fleet.cost.carbon_kg_per_year);
    row.text(join(faults(fleet), "; "));
  }
}

}  // namespace kvsim::planner
