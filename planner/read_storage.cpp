// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "planner/nodes.h"
#include "planner/read_parts.h"
#include "sim/scenario/setting_reader.h"

namespace kvsim::planner {
namespace {

constexpr double kTerabyte = 1e12;
constexpr double kGigabyte = 1e9;

const std::vector<std::string> kFleetKeys{"name",    "kind",     "site",      "operations_per_second",
                                          "latency", "eviction", "retention", "encryption",
                                          "labels",  "endurance"};
const std::vector<std::string> kSizeKeys{"capacity", "read_bytes_per_second", "write_bytes_per_second"};
const std::vector<std::string> kPriceKeys{"price", "price_per_tb", "price_per_gb_per_second"};

void add(const PriceTag& part, double times, PriceTag& sum) {
  sum.value += part.value * times;
  sum.low += part.low * times;
  sum.high += part.high * times;
  sum.unverified |= part.unverified;
  if (sum.source.find(part.source) == std::string::npos)
    sum.source += (sum.source.empty() ? "" : "; ") + part.source;
}

std::uint64_t required_bytes(Fields& fields, std::string_view key) {
  if (!fields.has(key)) return fields.bytes(key);  // which reports it as missing
  return sim::read_bytes(fields, key).value_or(1);
}

class StorageReader {
 public:
  StorageReader(ProblemReading& reading, PriceBook& prices) : reading_(reading), prices_(prices) {}

  StorageOption read(Entry& entry) {
    Fields& fields = entry.fields;
    option_ = {};
    option_.fleet_storage = with_keys(*entry.node, kFleetKeys);
    for (const std::string& key : kFleetKeys) fields.raw(key);
    for (const std::string& key : kPriceKeys) fields.raw(key);
    read_identity(*entry.node);
    option_.support_share_per_year = reading_.defaults.number(fields, "support_share_per_year", kShare, 0);
    if (is_local_ && has_price(fields))
      fields.problem("", "local drives are part of their servers",
                     "leave their price to that of the servers");
    read_sizes(fields);
    fields.finish();
    return std::move(option_);
  }

 private:
  // sim::read_storage holds these against their forms.
  void read_identity(const Node& node) {
    const auto text = [&](std::string_view key) {
      const Node* value = node.find(key);
      return value == nullptr ? std::string() : value->scalar;
    };
    option_.name = text("name");
    const auto kind = reading_.inputs.catalog.storage_kinds().find(text("kind"));
    is_local_ = kind != reading_.inputs.catalog.storage_kinds().end() && kind->second.local;
    const std::vector<PlannedSite>& sites = reading_.problem.sites;
    const std::string site = text("site");
    if (!is_local_) option_.site = site.empty() && sites.size() == 1 ? sites.front().name : site;
  }

  static bool has_price(const Fields& fields) {
    return std::any_of(kPriceKeys.begin(), kPriceKeys.end(),
                       [&](const std::string& key) { return fields.has(key); });
  }

  void read_sizes(Fields& fields) {
    std::vector<Fields> sizes = fields.maps("sizes");
    const bool has_sizes = fields.has("sizes");
    if (!has_sizes) {
      read_size(fields, fields);
    } else if (sizes.empty()) {
      fields.problem("sizes", "no size", "give a list of maps with capacity and rates");
    } else {
      for (const std::string& key : kSizeKeys)
        if (fields.has(key)) fields.problem(key, "stands beside `sizes`", "keep one of them");
    }
    if (is_local_ && sizes.size() > 1)
      fields.problem("sizes", "local drives have one size", "make systems of their own out of the others");
    for (Fields& size : sizes) {
      read_size(size, fields);
      size.finish();
    }
    for (const std::string& key : kSizeKeys) fields.raw(key);
    for (const char* key : {"watts", "rack_units"})
      if (has_sizes && fields.has(key))
        fields.problem(key, "stands beside `sizes`", "move it into the sizes");
    fields.raw("watts");
    fields.raw("rack_units");
    std::stable_sort(option_.sizes.begin(), option_.sizes.end(),
                     [](const auto& a, const auto& b) { return a.purchase.value < b.purchase.value; });
  }

  void read_size(Fields& fields, Fields& system) {
    StorageSize size;
    size.capacity_bytes = required_bytes(fields, "capacity");
    size.read_bytes_per_second = static_cast<double>(required_bytes(fields, "read_bytes_per_second"));
    size.write_bytes_per_second = static_cast<double>(required_bytes(fields, "write_bytes_per_second"));
    size.watts = reading_.defaults.watts(fields, "watts", 0);
    size.rack_units = reading_.defaults.number(fields, "rack_units", {0, 1e6}, 0);
    if (is_local_) {
      reading_.defaults.tell(fields, "price", "0", "drives in servers are part of the servers' prices");
      size.purchase.source = "part of the servers' prices";
      option_.sizes.push_back(size);
    } else if (fill_price(fields, system, size)) {
      option_.sizes.push_back(size);
    }
  }

  // False: it has no usable price, which is told.
  bool fill_price(Fields& fields, Fields& system, StorageSize& size) {
    Fields& owner = fields.has("price") ? fields : system;
    if (&fields != &system) fields.raw("price");
    const PriceOffer whole = prices_.find(owner, "price", "storage", option_.name);
    const PriceOffer per_tb = prices_.find(system, "price_per_tb", "storage", option_.name);
    const PriceOffer per_rate = prices_.find(system, "price_per_gb_per_second", "storage", option_.name);
    const bool any = whole.stated || per_tb.stated || per_rate.stated;
    for (const PriceOffer* offer : {&whole, &per_tb, &per_rate}) {
      if (offer->tag || (any && !offer->stated)) continue;
      reading_.problem.rejected.push_back({fmt::format("storage {} of {:.6g} TB", option_.name,
                                                       static_cast<double>(size.capacity_bytes) / kTerabyte),
                                           offer->reason, fields.path()});
      return false;
    }
    if (whole.tag) add(*whole.tag, 1, size.purchase);
    if (per_tb.tag) add(*per_tb.tag, static_cast<double>(size.capacity_bytes) / kTerabyte, size.purchase);
    if (per_rate.tag) add(*per_rate.tag, size.read_bytes_per_second / kGigabyte, size.purchase);
    return true;
  }

  ProblemReading& reading_;
  PriceBook& prices_;
  StorageOption option_;
  bool is_local_ = false;
};

}  // namespace

void read_storage(Fields& root, ProblemReading& reading, PriceBook& prices) {
  StorageReader reader(reading, prices);
  for (Entry& entry : entries(root, "storage")) reading.problem.storage.push_back(reader.read(entry));
}

}  // namespace kvsim::planner
