// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "planner/nodes.h"
#include "planner/read_parts.h"

namespace kvsim::planner {
namespace {

constexpr double kRackUnitsOfAccelerator = 1;
constexpr double kBaseShare = 0.5;
constexpr const char* kBaseSource =
    "assumption of kvsim: half of its accelerators' peak watts, for processors, memory, network, fans and "
    "losses";
constexpr std::uint32_t kMostServers = 10'000;

const std::vector<std::string> kFleetKeys{"name",        "accelerator", "accelerators",
                                          "host_memory", "nics",        "nic_bytes_per_second"};

class ServerReader {
 public:
  ServerReader(ProblemReading& reading, PriceBook& prices) : reading_(reading), prices_(prices) {}

  ServerOption read(Entry& entry) {
    Fields& fields = entry.fields;
    ServerOption server;
    server.fleet_server = with_keys(*entry.node, kFleetKeys);
    for (const std::string& key : kFleetKeys) fields.raw(key);
    read_identity(*entry.node, server);
    read_body(fields, server);
    read_prices(fields, server);
    fields.finish();
    return server;
  }

 private:
  // sim::read_servers holds these against their forms.
  void read_identity(const Node& node, ServerOption& server) {
    server.name = text_of(node, "name");
    server.accelerators =
        static_cast<std::uint32_t>(parse_integer(text_of(node, "accelerators")).value_or(1));
    known_ = reading_.inputs.catalog.find(text_of(node, "accelerator"));
    if (known_ == nullptr) return;
    server.accelerator = known_->name;
    server.vendor = known_->vendor;
    server.accelerator_peak_watts = known_->peak_watts.value;
    server.accelerator_idle_watts = known_->idle_watts.value;
  }

  void read_body(Fields& fields, ServerOption& server) {
    Defaults& defaults = reading_.defaults;
    const double accelerator_watts = server.accelerator_peak_watts * server.accelerators;
    server.rack_units =
        defaults.number(fields, "rack_units", {0, 1e4}, kRackUnitsOfAccelerator * server.accelerators);
    server.base_watts = defaults.watts(fields, "base_watts", kBaseShare * accelerator_watts, kBaseSource);
    server.liquid_cooled = defaults.boolean(fields, "liquid_cooled", false);
    server.support_share_per_year = defaults.number(fields, "support_share_per_year", kShare, 0);
    server.licence_per_year = defaults.number(fields, "licence_per_year", kMoney, 0);
    server.stock =
        static_cast<std::uint32_t>(defaults.integer(fields, "stock", {0, kMostServers}, kMostServers));
    server.sites = fields.texts("sites");
  }

  void read_prices(Fields& fields, ServerOption& server) {
    const PriceOffer price = prices_.find(fields, "price", "servers", server.name);
    const PriceOffer rent = read_rent(fields, server, price.stated);
    server.purchase = price.tag;
    server.rent_per_hour = rent.tag;
    if (price.stated && !price.tag) reject("purchase of server", fields, "price", server, price);
    if (rent.stated && !rent.tag) reject("rent of server", fields, "rent", server, rent);
    if (!price.stated && !rent.stated) reject("server", fields, "price", server, price);
  }

  void reject(const char* what, const Fields& fields, std::string_view key, const ServerOption& server,
              const PriceOffer& offer) {
    reading_.problem.rejected.push_back(
        {fmt::format("{} {}", what, server.name), offer.reason, path_of(fields, key)});
  }

  PriceOffer read_rent(Fields& fields, const ServerOption& server, bool has_price) {
    const Node* rent = fields.raw("rent");
    const bool is_stated = rent != nullptr && !rent->is_null();
    const bool by_catalog =
        is_stated ? rent->is_scalar() && rent->scalar == "catalog" : prices_.rents_by_catalog() && !has_price;
    if (by_catalog) return prices_.catalog_rent(server.accelerator, server.accelerators);
    return prices_.find(fields, "rent", "servers", server.name);
  }

  ProblemReading& reading_;
  PriceBook& prices_;
  const Accelerator* known_ = nullptr;
};

}  // namespace

void read_servers(Fields& root, ProblemReading& reading, PriceBook& prices) {
  ServerReader reader(reading, prices);
  for (Entry& entry : entries(root, "servers")) reading.problem.servers.push_back(reader.read(entry));
  if (reading.problem.servers.empty())
    root.problem("servers", "no server",
                 "give a list of maps with name, accelerator, accelerators and price");
}

}  // namespace kvsim::planner
