// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "sim/report/page_data.h"

namespace kvsim::sim {
namespace {

constexpr std::size_t kDrawnSystems = 6;
constexpr std::size_t kHeatRows = 60;
constexpr std::size_t kHeatColumns = 96;

template <class Point, class Value>
std::vector<double> column(const std::vector<Point>& points, Value value) {
  std::vector<double> values;
  for (const Point& point : points) values.push_back(static_cast<double>(value(point)));
  return values;
}

// The `count` indices with the largest keys, in ascending order.
std::vector<std::size_t> largest(const std::vector<double>& keys, std::size_t count) {
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&keys](std::size_t a, std::size_t b) { return keys[a] > keys[b]; });
  order.resize(std::min(order.size(), count));
  std::sort(order.begin(), order.end());
  return order;
}

void add_hits(JsonWriter& json, const std::vector<HitPoint>& hits) {
  json.key("hits").begin_object();
  add_numbers(json, "time", column(hits, [](const HitPoint& point) { return point.time_seconds; }));
  add_numbers(json, "gpu", column(hits, [](const HitPoint& point) { return point.gpu; }));
  add_numbers(json, "host", column(hits, [](const HitPoint& point) { return point.host; }));
  add_numbers(json, "storage", column(hits, [](const HitPoint& point) { return point.storage; }));
  json.end_object();
}

void add_system(JsonWriter& json, const Sizing& sizing, std::size_t i) {
  const auto values = [&sizing, i](auto StoragePoint::*field) {
    return column(sizing.series, [i, field](const TierPoint& point) { return point.storage[i].*field; });
  };
  json.begin_object().member("name", sizing.storage[i].facts.name);
  add_numbers(json, "used_bytes", values(&StoragePoint::used_bytes));
  add_numbers(json, "write_bytes_per_second", values(&StoragePoint::write_bytes_per_second));
  add_numbers(json, "read_bytes_per_second", values(&StoragePoint::read_bytes_per_second));
  add_numbers(json, "operations_per_second", values(&StoragePoint::operations_per_second));
  json.end_object();
}

void add_systems(JsonWriter& json, const Sizing& sizing) {
  const std::vector<double> peaks =
      column(sizing.storage, [](const StorageSizing& system) { return system.peak_used_bytes; });
  add_numbers(json, "time", column(sizing.series, [](const TierPoint& point) { return point.time_seconds; }));
  json.key("systems").begin_array();
  for (const std::size_t i : largest(peaks, kDrawnSystems)) add_system(json, sizing, i);
  json.end_array();
}

// Neighbouring rows of the time series become one column.
struct HeatColumn {
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::vector<HeatColumn> heat_columns(std::size_t rows) {
  const std::size_t joined = std::max<std::size_t>(1, (rows + kHeatColumns - 1) / kHeatColumns);
  std::vector<HeatColumn> columns;
  for (std::size_t i = 0; i < rows; i += joined) columns.push_back({i, std::min(i + joined, rows)});
  return columns;
}

double mean_share(const Sizing& sizing, const HeatColumn& rows, std::size_t link) {
  double bytes = 0;
  double seconds = 0;
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
    bytes += sizing.series[i].link_bytes_per_second[link] * sizing.series[i].width_seconds;
    seconds += sizing.series[i].width_seconds;
  }
  const double capacity = sizing.links[link].link.bytes_per_second;
  return capacity > 0 && seconds > 0 ? bytes / seconds / capacity : kNotANumber;
}

void add_heat_row(JsonWriter& json, const Sizing& sizing, const std::vector<HeatColumn>& columns,
                  std::size_t link) {
  const LinkInfo& info = sizing.links[link].link;
  json.begin_object().member("name", info.name).member("kind", to_string(info.kind));
  json.member("capacity_bytes_per_second", info.bytes_per_second);
  add_numbers(json, "shares", column(columns, [&sizing, link](const HeatColumn& rows) {
                return mean_share(sizing, rows, link);
              }));
  json.end_object();
}

void add_heat(JsonWriter& json, const Sizing& sizing) {
  const std::vector<HeatColumn> columns = heat_columns(sizing.series.size());
  const std::vector<double> shares = column(sizing.links, [](const LinkSizing& link) {
    return link.share_of_capacity_p99 >= 0 ? link.share_of_capacity_p99 : -1;
  });
  std::vector<std::size_t> links = largest(shares, kHeatRows);
  std::stable_sort(links.begin(), links.end(), [&sizing](std::size_t a, std::size_t b) {
    return sizing.links[a].link.kind < sizing.links[b].link.kind;
  });
  json.key("heat").begin_object().member("left_out", sizing.links.size() - links.size());
  add_numbers(json, "ends", column(columns, [&sizing](const HeatColumn& rows) {
                return sizing.series[rows.end - 1].time_seconds;
              }));
  json.key("links").begin_array();
  for (const std::size_t link : links) add_heat_row(json, sizing, columns, link);
  json.end_array().end_object();
}

}  // namespace

void add_tier_data(JsonWriter& json, const Sizing& sizing) {
  json.key("tiers").begin_object();
  add_hits(json, sizing.hits);
  add_systems(json, sizing);
  add_heat(json, sizing);
  json.end_object();
}

}  // namespace kvsim::sim
