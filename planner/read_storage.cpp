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

constexpr const char* kPartOfServers = "drives in servers are part of the servers' prices";

const std::vector<std::string> kFleetKeys{"name",    "kind",     "site",      "operations_per_second",
                                          "latency", "eviction", "retention", "encryption",
                                          "labels",  "endurance"};
const std::vector<std::string> kSizeKeys{"capacity", "read_bytes_per_second", "write_bytes_per_second",
                                         "watts", "rack_units"};
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
    read_identity(*entry.node);
    option_.support_share_per_year = reading_.defaults.number(fields, "support_share_per_year", kShare, 0);
    offers_.clear();
    for (const std::string& key : kPriceKeys)
      offers_.push_back(prices_.find(fields, key, "storage", option_.name));
    read_sizes(fields);
    fields.finish();
    return std::move(option_);
  }

 private:
  // sim::read_storage holds these against their forms.
  void read_identity(const Node& node) {
    option_.name = text_of(node, "name");
    const auto& kinds = reading_.inputs.catalog.storage_kinds();
    const auto kind = kinds.find(text_of(node, "kind"));
    is_local_ = kind != kinds.end() && kind->second.local;
    const std::vector<PlannedSite>& sites = reading_.problem.sites;
    const std::string site = text_of(node, "site");
    if (!is_local_) option_.site = site.empty() && sites.size() == 1 ? sites.front().name : site;
  }

  void read_sizes(Fields& fields) {
    std::vector<Fields> sizes = fields.maps("sizes");
    if (fields.has("sizes"))
      refuse_beside_sizes(fields, sizes);
    else
      read_size(fields, offers_.front());
    for (Fields& size : sizes) {
      const PriceOffer own = prices_.find(size, "price", "storage", option_.name);
      read_size(size, own.stated ? own : offers_.front());
      size.finish();
    }
    std::stable_sort(option_.sizes.begin(), option_.sizes.end(),
                     [](const auto& a, const auto& b) { return a.purchase.value < b.purchase.value; });
  }

  void refuse_beside_sizes(Fields& fields, const std::vector<Fields>& sizes) {
    if (sizes.empty()) fields.problem("sizes", "no size", "give a list of maps with capacity and rates");
    if (is_local_ && sizes.size() > 1)
      fields.problem("sizes", "local drives have one size", "make systems of their own out of the others");
    for (const std::string& key : kSizeKeys) {
      fields.raw(key);
      if (fields.has(key)) fields.problem(key, "stands beside `sizes`", "move it into the sizes");
    }
  }

  void read_size(Fields& fields, const PriceOffer& whole) {
    StorageSize size;
    size.capacity_bytes = required_bytes(fields, "capacity");
    size.read_bytes_per_second = static_cast<double>(required_bytes(fields, "read_bytes_per_second"));
    size.write_bytes_per_second = static_cast<double>(required_bytes(fields, "write_bytes_per_second"));
    if (is_local_) return add_local(fields, whole, size);
    size.watts = reading_.defaults.watts(fields, "watts", 0);
    size.rack_units = reading_.defaults.number(fields, "rack_units", {0, 1e6}, 0);
    if (fill_price(fields, whole, size)) option_.sizes.push_back(size);
  }

  void add_local(Fields& fields, const PriceOffer& whole, StorageSize& size) {
    const bool has_price = whole.stated || offers_[1].stated || offers_[2].stated;
    if (has_price || fields.has("watts") || fields.has("rack_units"))
      fields.problem("", "local drives are part of their servers",
                     "leave price, watts and rack units to the servers");
    fields.raw("watts");
    fields.raw("rack_units");
    reading_.defaults.tell(fields, "price", "0", kPartOfServers);
    size.purchase.source = kPartOfServers;
    option_.sizes.push_back(size);
  }

  // False: it has no usable price, which is told.
  bool fill_price(const Fields& fields, const PriceOffer& whole, StorageSize& size) {
    const double terabytes = static_cast<double>(size.capacity_bytes) / kTerabyte;
    const std::vector<std::pair<const PriceOffer*, double>> parts{
        {&whole, 1}, {&offers_[1], terabytes}, {&offers_[2], size.read_bytes_per_second / kGigabyte}};
    const bool any =
        std::any_of(parts.begin(), parts.end(), [](const auto& part) { return part.first->stated; });
    for (const auto& [offer, times] : parts) {
      if (offer->tag) add(*offer->tag, times, size.purchase);
      if (offer->tag || (any && !offer->stated)) continue;
      reading_.problem.rejected.push_back(
          {fmt::format("storage {} of {:.6g} TB", option_.name, terabytes), offer->reason, fields.path()});
      return false;
    }
    return true;
  }

  ProblemReading& reading_;
  PriceBook& prices_;
  StorageOption option_;
  std::vector<PriceOffer> offers_;  // of the system, by kPriceKeys
  bool is_local_ = false;
};

}  // namespace

void read_storage(Fields& root, ProblemReading& reading, PriceBook& prices) {
  StorageReader reader(reading, prices);
  for (Entry& entry : entries(root, "storage")) reading.problem.storage.push_back(reader.read(entry));
}

}  // namespace kvsim::planner
