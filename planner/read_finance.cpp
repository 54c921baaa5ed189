// SPDX-License-Identifier: Apache-2.0
#include "planner/read_parts.h"

namespace kvsim::planner {

void read_finance(Fields& root, ProblemReading& reading, PriceBook& prices) {
  Finance& finance = reading.problem.finance;
  Defaults& defaults = reading.defaults;
  Fields fields = root.map("finance");
  finance.years = defaults.number(fields, "years", {0, 50, true}, finance.years);
  finance.discount_rate = defaults.number(fields, "discount_rate", kShare, finance.discount_rate);
  finance.depreciation_years =
      defaults.number(fields, "depreciation_years", {0, 50, true}, finance.depreciation_years);
  finance.network_share = defaults.number(fields, "network_share", {0, 10}, finance.network_share);
  const PriceOffer host = prices.find(fields, "router_host", "finance", "");
  finance.router_host = host.tag;
  if (!host.stated) defaults.tell(fields, "router_host", "not counted");
  if (host.stated && !host.tag)
    fields.problem("router_host", host.reason,
                   "give a usable price; without any, router hosts are not counted");
  finance.router_hosts_per_site = static_cast<std::uint32_t>(
      defaults.integer(fields, "router_hosts_per_site", {0, 1000}, finance.router_hosts_per_site));
  finance.router_host_watts = defaults.watts(fields, "router_host_watts", finance.router_host_watts);
  fields.finish();
}

}  // namespace kvsim::planner
