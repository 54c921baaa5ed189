// SPDX-License-Identifier: Apache-2.0
#include "planner/cash_flow.h"

#include <algorithm>

#include "base/portable_math.h"

namespace kvsim::planner {
namespace {

std::vector<YearFlow> empty_years(double years) {
  std::vector<YearFlow> flows;
  for (double year = 0; year < years; ++year) flows.push_back({.year = year});
  flows.push_back({.year = years});
  return flows;
}

double share_left(const Finance& finance, double bought) {
  return std::max(0.0, 1 - (finance.years - bought) / finance.depreciation_years);
}

void add_line(const Finance& finance, const CostLine& line, std::vector<YearFlow>& flows) {
  for (std::size_t i = 0; i < flows.size(); ++i) {
    if (flows[i].year == line.year) flows[i].purchase += line.purchase;
    if (i > 0 && flows[i - 1].year >= line.year) {
      flows[i].opex += line.per_year * (flows[i].year - flows[i - 1].year);
    }
  }
  flows.back().residual += line.purchase * share_left(finance, line.year);
}

}  // namespace

std::vector<YearFlow> cash_flow(const Finance& finance, const std::vector<CostLine>& lines) {
  std::vector<YearFlow> flows = empty_years(finance.years);
  for (const CostLine& line : lines) add_line(finance, line, flows);
  for (YearFlow& flow : flows) {
    flow.discounted =
        (flow.purchase + flow.opex - flow.residual) / portable_pow(1 + finance.discount_rate, flow.year);
  }
  return flows;
}

}  // namespace kvsim::planner
