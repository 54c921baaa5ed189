// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/sizing_summary.h"

#include <algorithm>
#include <cmath>

namespace kvsim::sim {
namespace {

constexpr double kDay = 86400;
constexpr double kYear = 365.25 * kDay;
constexpr double kAskedRetentions[] = {7 * kDay, 30 * kDay};  // where the system's own is unlimited

// Neighbouring edges enclose a row; the first edge is the start of the run, with nothing written yet.
std::vector<TierRow> edges_of(const TierSeries& series) {
  const TierRow& first = series.rows().front();
  TierRow start;
  start.time = first.time - first.width;
  start.storage.resize(first.storage.size());
  start.carried_bytes.resize(first.carried_bytes.size());
  std::vector<TierRow> edges{std::move(start)};
  edges.insert(edges.end(), series.rows().begin(), series.rows().end());
  return edges;
}

struct Window {  // indices of edges
  std::size_t from = 0;
  std::size_t to = 0;
  bool after_warmup = false;
};

Window steady_window(const std::vector<TierRow>& edges, Nanoseconds start, Nanoseconds end) {
  Window whole{0, edges.size() - 1, false};
  Window window{edges.size(), 0, true};
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (edges[i].time >= start) window.from = std::min(window.from, i);
    if (edges[i].time <= end) window.to = i;
  }
  return window.from < window.to ? window : whole;
}

// The rows that means and percentiles are made of, as indices of the edges at their ends.
std::vector<std::size_t> sampled_rows(const std::vector<TierRow>& edges, Nanoseconds first_arrival) {
  std::vector<std::size_t> rows;
  Nanoseconds widest = 0;
  for (std::size_t i = 1; i < edges.size(); ++i) {
    if (edges[i].time <= first_arrival || edges[i].width <= 0) continue;
    rows.push_back(i);
    widest = std::max(widest, edges[i].width);
  }
  if (rows.size() > 1 && edges[rows.back()].width < widest / 2) rows.pop_back();
  return rows;
}

double rate(double before, double after, Nanoseconds width) { return (after - before) / to_seconds(width); }

// `total(edge)` counts since the start.
template <class Total>
std::vector<double> rates_of(const std::vector<TierRow>& edges, const std::vector<std::size_t>& rows,
                             Total total) {
  std::vector<double> rates;
  for (const std::size_t i : rows)
    rates.push_back(rate(total(edges[i - 1]), total(edges[i]), edges[i].width));
  return rates;
}

// Means are of time, not of windows, so that they come to what was carried in all.
double time_mean(const std::vector<double>& rates, const std::vector<TierRow>& edges,
                 const std::vector<std::size_t>& rows) {
  double sum = 0;
  double seconds = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sum += rates[i] * to_seconds(edges[rows[i]].width);
    seconds += to_seconds(edges[rows[i]].width);
  }
  return seconds > 0 ? sum / seconds : kNotANumber;
}

Rates with_percentiles(double mean, std::vector<double> values) {
  if (values.empty()) return {};
  const std::vector<double> at = quantiles(values, {0.5, 0.99, 1});
  return {mean, at[0], at[1], at[2]};
}

double p99_share(double p99, double capacity) { return capacity > 0 ? p99 / capacity : kNotANumber; }

// ---- storage systems

// Files of a block differ with the ranks of who wrote it: those at rest now stand for those written.
double files_written(const StorageSnapshot& before, const StorageSnapshot& after) {
  if (after.blocks == 0) return kNotANumber;
  return static_cast<double>(after.written_blocks - before.written_blocks) *
         static_cast<double>(after.files) / static_cast<double>(after.blocks);
}

Rates file_rates(const std::vector<TierRow>& edges, const std::vector<std::size_t>& rows,
                 std::size_t system) {
  std::vector<double> rates;
  std::vector<std::size_t> known;
  for (const std::size_t i : rows) {
    const double files = files_written(edges[i - 1].storage[system], edges[i].storage[system]);
    if (std::isnan(files)) continue;
    rates.push_back(files / to_seconds(edges[i].width));
    known.push_back(i);
  }
  const double mean = time_mean(rates, edges, known);
  return with_percentiles(mean, std::move(rates));
}

void set_daily(StorageSizing& sizing, const TierRow& from, const TierRow& to, std::size_t system) {
  const Nanoseconds width = to.time - from.time;
  if (width <= 0) return;
  const StorageSnapshot& before = from.storage[system];
  const StorageSnapshot& after = to.storage[system];
  sizing.written_bytes_per_day = kDay * rate(before.written_bytes, after.written_bytes, width);
  sizing.growth_bytes_per_day =
      kDay * rate(static_cast<double>(before.used_bytes), static_cast<double>(after.used_bytes), width);
}

void set_needs(StorageSizing& sizing) {
  const auto need = [&sizing](double retention) {
    sizing.needed.push_back({retention, sizing.written_bytes_per_day * retention / kDay});
  };
  if (sizing.facts.retention_seconds) return need(*sizing.facts.retention_seconds);
  for (const double retention : kAskedRetentions) need(retention);
}

void set_wear(StorageSizing& sizing) {
  if (!sizing.facts.endurance_bytes) return;
  const double one = static_cast<double>(sizing.facts.capacity_bytes);
  const double all = static_cast<double>(sizing.end.capacity_bytes);
  const double copies = sizing.facts.local && one > 0 ? all / one : 1;
  sizing.endurance_bytes = *sizing.facts.endurance_bytes * copies;
  if (sizing.written_bytes_per_day > 0)
    sizing.years_to_wear_out = *sizing.endurance_bytes / (sizing.written_bytes_per_day * kYear / kDay);
}

StorageSizing storage_sizing(const std::vector<TierRow>& edges, const std::vector<std::size_t>& rows,
                             const Window& window, std::size_t system, const StorageFacts& facts) {
  StorageSizing sizing;
  sizing.facts = facts;
  sizing.end = edges.back().storage[system];
  for (std::size_t i = 1; i < edges.size(); ++i)
    sizing.peak_used_bytes = std::max(sizing.peak_used_bytes, edges[i].peak_used_bytes[system]);
  set_daily(sizing, edges[window.from], edges[window.to], system);
  set_needs(sizing);
  set_wear(sizing);
  std::vector<double> operations = rates_of(edges, rows, [system](const TierRow& edge) {
    return static_cast<double>(edge.storage[system].operations);
  });
  const double mean = time_mean(operations, edges, rows);
  sizing.operations_per_second = with_percentiles(mean, std::move(operations));
  sizing.files_written_per_second = file_rates(edges, rows, system);
  return sizing;
}

// ---- links

struct LinkRates {
  std::vector<double> rates;
  LinkSizing sizing;
};

LinkRates link_rates(const std::vector<TierRow>& edges, const std::vector<std::size_t>& rows,
                     std::size_t index, const LinkInfo& link) {
  LinkRates result;
  result.sizing.link = link;
  result.rates = rates_of(edges, rows, [index](const TierRow& edge) { return edge.carried_bytes[index]; });
  result.sizing.bytes_per_second = with_percentiles(time_mean(result.rates, edges, rows), result.rates);
  result.sizing.share_of_capacity_p99 = p99_share(result.sizing.bytes_per_second.p99, link.bytes_per_second);
  return result;
}

struct KindWindows {  // of the links of one kind together
  LinkKindSizing sizing;
  double means = 0;
  double busiest_share = -1;
  std::vector<double> rates;
  std::vector<double> shares;

  void add(const LinkRates& one) {
    const double capacity = one.sizing.link.bytes_per_second;
    ++sizing.links;
    means += one.sizing.bytes_per_second.mean;
    rates.insert(rates.end(), one.rates.begin(), one.rates.end());
    if (!(capacity > 0)) return;
    for (const double bytes : one.rates) shares.push_back(bytes / capacity);
    if (!(one.sizing.share_of_capacity_p99 > busiest_share)) return;
    busiest_share = one.sizing.share_of_capacity_p99;
    sizing.busiest = one.sizing.link.name;
  }
  LinkKindSizing summary() {
    sizing.bytes_per_second = with_percentiles(means / static_cast<double>(sizing.links), std::move(rates));
    if (!shares.empty()) sizing.share_of_capacity_p99 = quantiles(shares, {0.99})[0];
    return std::move(sizing);
  }
};

void set_links(Sizing& sizing, const std::vector<LinkInfo>& links, const std::vector<TierRow>& edges,
               const std::vector<std::size_t>& rows) {
  std::map<LinkInfo::Kind, KindWindows> kinds;
  for (std::size_t i = 0; i < links.size(); ++i) {
    LinkRates one = link_rates(edges, rows, i, links[i]);
    KindWindows& kind = kinds[links[i].kind];
    kind.sizing.kind = links[i].kind;
    kind.add(one);
    sizing.links.push_back(std::move(one.sizing));
  }
  for (auto& [kind, windows] : kinds) sizing.link_kinds.push_back(windows.summary());
}

// ---- host memory, ages, time series

std::vector<HostSizing> host_sizings(const Recorder& recorder) {
  std::vector<HostSizing> result;
  for (std::uint32_t i = 0; i < recorder.pools().size(); ++i) {
    const TierTotals& now = recorder.traffic(i).tiers;
    if (now.host_capacity_bytes == 0) continue;
    HostSizing host{recorder.pools()[i].name, now.host_capacity_bytes, now.host_used_bytes, kNotANumber};
    for (const SeriesPoint& point : recorder.series(i).points(recorder.pools()[i]))
      if (!(point.host_usage <= host.usage_max)) host.usage_max = point.host_usage;
    result.push_back(std::move(host));
  }
  return result;
}

// Tenants of one name are one.
std::vector<OldestSizing> oldest_kv(const TierSeries& series, const std::vector<std::string>& tenants) {
  std::map<std::pair<std::string, std::string>, KvAge> ages;
  for (const auto& [where, age] : series.ages()) {
    KvAge& known = ages[{where.first, tenants.at(where.second)}];
    known.max = std::max(known.max, age.max);
    if (age.at_end) known.at_end = std::max(known.at_end.value_or(0), *age.at_end);
  }
  std::vector<OldestSizing> result;
  for (const auto& [where, age] : ages) {
    result.push_back({where.first, where.second, to_seconds(age.max), {}});
    if (age.at_end) result.back().end_age_seconds = to_seconds(*age.at_end);
  }
  return result;
}

StoragePoint storage_point(const StorageSnapshot& before, const StorageSnapshot& after, Nanoseconds width) {
  StoragePoint point;
  point.used_bytes = after.used_bytes;
  point.blocks = after.blocks;
  point.files = after.files;
  if (width <= 0) return point;
  point.write_bytes_per_second = rate(before.written_bytes, after.written_bytes, width);
  point.read_bytes_per_second = rate(before.read_bytes, after.read_bytes, width);
  point.operations_per_second = static_cast<double>(after.operations - before.operations) / to_seconds(width);
  return point;
}

TierPoint tier_point(const TierRow& before, const TierRow& row) {
  TierPoint point{to_seconds(row.time), to_seconds(row.width), {}, {}};
  for (std::size_t i = 0; i < row.storage.size(); ++i)
    point.storage.push_back(storage_point(before.storage[i], row.storage[i], row.width));
  for (std::size_t i = 0; i < row.carried_bytes.size(); ++i)
    point.link_bytes_per_second.push_back(
        row.width > 0 ? rate(before.carried_bytes[i], row.carried_bytes[i], row.width) : 0);
  return point;
}

// All pools are sampled together, so row i ends at the same time in each.
PoolSample fleet_row(const Recorder& recorder, std::size_t i) {
  PoolSample sum;
  for (std::uint32_t pool = 0; pool < recorder.pools().size(); ++pool) {
    const PoolSample& row = recorder.series(pool).rows()[i];
    sum.time = row.time;
    sum.queried_tokens += row.queried_tokens;
    sum.hit_tokens += row.hit_tokens;
    sum.host_hit_tokens += row.host_hit_tokens;
    sum.storage_hit_tokens += row.storage_hit_tokens;
  }
  return sum;
}

std::vector<HitPoint> hit_points(const Recorder& recorder) {
  std::vector<HitPoint> points;
  if (recorder.pools().empty()) return points;
  PoolSample before;
  for (std::size_t i = 0; i < recorder.series(0).rows().size(); ++i) {
    const PoolSample row = fleet_row(recorder, i);
    const std::uint64_t queried = row.queried_tokens - before.queried_tokens;
    const auto share = [queried](std::uint64_t earlier, std::uint64_t later) {
      return queried == 0 ? kNotANumber : static_cast<double>(later - earlier) / static_cast<double>(queried);
    };
    points.push_back({to_seconds(row.time), share(before.hit_tokens, row.hit_tokens),
                      share(before.host_hit_tokens, row.host_hit_tokens),
                      share(before.storage_hit_tokens, row.storage_hit_tokens)});
    before = row;
  }
  return points;
}

Nanoseconds last_arrival(const Recorder& recorder) {
  Nanoseconds last = 0;
  for (std::size_t i = 0; i < recorder.rows().size(); ++i) last = std::max(last, recorder.rows()[i].arrival);
  return last;
}

}  // namespace

std::optional<Sizing> sizing_of(const Recorder& recorder, const RunFacts& facts, const Verdict& verdict) {
  const TierSeries& series = recorder.tiers();
  if (series.rows().empty()) return {};
  const std::vector<TierRow> edges = edges_of(series);
  const std::vector<std::size_t> rows = sampled_rows(edges, facts.first_arrival);
  const Window window = steady_window(edges, facts.first_arrival + from_seconds(verdict.warmup_seconds),
                                      last_arrival(recorder));
  Sizing sizing;
  sizing.from_seconds = to_seconds(edges[window.from].time);
  sizing.to_seconds = to_seconds(edges[window.to].time);
  sizing.after_warmup = window.after_warmup;
  if (!rows.empty()) sizing.sample_seconds = to_seconds(edges[rows.front()].width);
  sizing.host = host_sizings(recorder);
  for (std::size_t i = 0; i < edges.back().storage.size(); ++i)
    sizing.storage.push_back(storage_sizing(edges, rows, window, i, facts.storage.at(i)));
  set_links(sizing, series.links(), edges, rows);
  sizing.oldest = oldest_kv(series, facts.source_tenants);
  for (std::size_t i = 1; i < edges.size(); ++i) sizing.series.push_back(tier_point(edges[i - 1], edges[i]));
  sizing.hits = hit_points(recorder);
  return sizing;
}

const char* to_string(LinkInfo::Kind kind) {
  switch (kind) {
    case LinkInfo::Kind::kCopy:
      return "copy";
    case LinkInfo::Kind::kNic:
      return "nic";
    case LinkInfo::Kind::kLeaf:
      return "leaf";
    case LinkInfo::Kind::kSite:
      return "site";
    case LinkInfo::Kind::kPeer:
      return "peer";
    case LinkInfo::Kind::kStorage:
      break;
  }
  return "storage";
}

double gbit_per_second(double bytes_per_second) { return bytes_per_second * 8e-9; }

}  // namespace kvsim::sim
