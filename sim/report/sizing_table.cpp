// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/report/results_folder.h"
#include "sim/report/table_cells.h"

namespace kvsim::sim {
namespace {

constexpr std::size_t kShownAges = 12;

std::string host_table(const std::vector<HostSizing>& hosts) {
  Table rows{{"host memory of pool", "capacity", "used", "most used"}};
  for (const HostSizing& host : hosts)
    rows.push_back({host.pool, bytes_cell(static_cast<double>(host.capacity_bytes)),
                    bytes_cell(static_cast<double>(host.used_bytes)), percent_cell(host.usage_max)});
  return format_table(rows);
}

std::string needs_cell(const std::vector<RetentionNeed>& needs) {
  std::vector<std::string> parts;
  for (const RetentionNeed& need : needs)
    parts.push_back(bytes_cell(need.bytes) + " for " + duration_cell(need.retention_seconds));
  return join(parts, ", ");
}

std::string storage_table(const std::vector<StorageSizing>& systems) {
  Table rows{{"storage", "capacity", "used", "peak", "written/day", "growth/day", "needed",
              "years to wear-out", "ops/s", "ops/s p99", "files/s"}};
  for (const StorageSizing& system : systems)
    rows.push_back({system.facts.name, bytes_cell(static_cast<double>(system.end.capacity_bytes)),
                    bytes_cell(static_cast<double>(system.end.used_bytes)),
                    bytes_cell(static_cast<double>(system.peak_used_bytes)),
                    bytes_cell(system.written_bytes_per_day), bytes_cell(system.growth_bytes_per_day),
                    needs_cell(system.needed), number_cell(system.years_to_wear_out.value_or(kNotANumber)),
                    number_cell(system.operations_per_second.mean),
                    number_cell(system.operations_per_second.p99),
                    number_cell(system.files_written_per_second.mean)});
  return format_table(rows);
}

std::string gbit_cell(double bytes_per_second) { return number_cell(gbit_per_second(bytes_per_second), 2); }

std::string links_table(const std::vector<LinkKindSizing>& kinds) {
  Table rows{{"links [Gb/s]", "number", "mean", "p50", "p99", "max", "p99 of capacity", "busiest"}};
  for (const LinkKindSizing& kind : kinds)
    rows.push_back({to_string(kind.kind), std::to_string(kind.links), gbit_cell(kind.bytes_per_second.mean),
                    gbit_cell(kind.bytes_per_second.p50), gbit_cell(kind.bytes_per_second.p99),
                    gbit_cell(kind.bytes_per_second.max), percent_cell(kind.share_of_capacity_p99),
                    kind.busiest});
  return format_table(rows);
}

std::string ages_table(std::vector<OldestSizing> ages) {
  std::stable_sort(ages.begin(), ages.end(), [](const OldestSizing& a, const OldestSizing& b) {
    return a.max_age_seconds > b.max_age_seconds;
  });
  Table rows{{"oldest KV in", "tenant", "at most", "at the end"}};
  for (std::size_t i = 0; i < std::min(ages.size(), kShownAges); ++i)
    rows.push_back({ages[i].tier, ages[i].tenant, duration_cell(ages[i].max_age_seconds),
                    duration_cell(ages[i].end_age_seconds.value_or(kNotANumber))});
  std::string text = format_table(rows);
  if (ages.size() > kShownAges) text += fmt::format("  {} more in summary.json\n", ages.size() - kShownAges);
  return text;
}

}  // namespace

std::string sizing_table(const Sizing& sizing) {
  std::string text;
  if (!sizing.host.empty()) text += '\n' + host_table(sizing.host);
  if (!sizing.storage.empty()) {
    text += '\n' + storage_table(sizing.storage);
    text += fmt::format("  a day at the rates between {} s and {} s{}\n", number_cell(sizing.from_seconds),
                        number_cell(sizing.to_seconds),
                        sizing.after_warmup ? "" : ": the whole run, nothing is left after the warm-up");
  }
  if (!sizing.link_kinds.empty()) {
    text += '\n' + links_table(sizing.link_kinds);
    text += fmt::format("  over windows of {} s\n", number_cell(sizing.sample_seconds));
  }
  if (!sizing.oldest.empty()) text += '\n' + ages_table(sizing.oldest);
  return text;
}

}  // namespace kvsim::sim
