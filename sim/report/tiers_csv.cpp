// SPDX-License-Identifier: Apache-2.0
#include "sim/report/csv.h"
#include "sim/report/results_folder.h"

namespace kvsim::sim {

void write_tiers_csv(std::ostream& out, const Sizing& sizing) {
  out << "storage,time_seconds,width_seconds,used_bytes,blocks,files,write_bytes_per_second,"
         "read_bytes_per_second,operations_per_second\n";
  for (std::size_t i = 0; i < sizing.storage.size(); ++i)
    for (const TierPoint& row : sizing.series) {
      const StoragePoint& point = row.storage[i];
      out << csv_text(sizing.storage[i].facts.name) << ',' << csv_number(row.time_seconds) << ','
          << csv_number(row.width_seconds) << ',' << point.used_bytes << ',' << point.blocks << ','
          << point.files << ',' << csv_number(point.write_bytes_per_second) << ','
          << csv_number(point.read_bytes_per_second) << ',' << csv_number(point.operations_per_second)
          << '\n';
    }
}

void write_links_csv(std::ostream& out, const Sizing& sizing) {
  out << "link,kind,time_seconds,width_seconds,bytes_per_second\n";
  for (std::size_t i = 0; i < sizing.links.size(); ++i) {
    const LinkInfo& link = sizing.links[i].link;
    const std::string name = csv_text(link.name) + ',' + to_string(link.kind);
    for (const TierPoint& row : sizing.series)
      out << name << ',' << csv_number(row.time_seconds) << ',' << csv_number(row.width_seconds) << ','
          << csv_number(row.link_bytes_per_second[i]) << '\n';
  }
}

}  // namespace kvsim::sim
