// SPDX-License-Identifier: Apache-2.0
#include "sim/report/csv.h"
#include "sim/report/results_folder.h"

namespace kvsim::sim {

void write_timeseries_csv(std::ostream& out, const Summary& summary) {
  out << "pool,time_seconds,width_seconds,running,waiting,kv_usage,cached_share,requests_per_second,"
         "input_tokens_per_second,output_tokens_per_second,hit_ratio,preemptions_per_second,busy_fraction,"
         "compute_utilisation,memory_utilisation,watts,gpu_hit_ratio,host_hit_ratio,storage_hit_ratio,host_"
         "usage\n";
  for (const PoolSummary& pool : summary.pools)
    for (const SeriesPoint& point : pool.series) {
      out << csv_text(pool.name);
      for (const double value :
           {point.time_seconds, point.width_seconds, point.running, point.waiting, point.kv_usage,
            point.cached_share, point.requests_per_second, point.input_tokens_per_second,
            point.output_tokens_per_second, point.hit_ratio, point.preemptions_per_second, point.busy,
            point.compute, point.memory, point.watts, point.gpu_hit_ratio, point.host_hit_ratio,
            point.storage_hit_ratio, point.host_usage})
        out << ',' << csv_number(value);
      out << '\n';
    }
}

}  // namespace kvsim::sim
