// SPDX-License-Identifier: Apache-2.0
#include "sim/report/simulate_run.h"

#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/errors.h"
#include "base/files.h"
#include "sim/metrics/observer_list.h"
#include "sim/metrics/stage_summary.h"
#include "sim/report/audit.h"
#include "sim/report/exports/load_reports.h"
#include "sim/report/exports/openmetrics.h"
#include "sim/report/requests_csv.h"
#include "sim/report/routing_jsonl.h"
#include "sim/report/run_summary.h"
#include "sim/report/timeline.h"
#include "sim/scenario/lawful.h"
#include "traces/open_source.h"

namespace kvsim::sim {
namespace {

// Observers that write while the run goes on.
struct Streams {
  std::optional<RequestsCsv> requests;
  std::optional<Timeline> timeline;
  std::optional<RoutingJsonl> routing;
  std::optional<DataLedger> ledger;
  std::optional<EngineScrapes> scrapes;

  Streams(const Simulation& options, const Fleet& fleet, const traces::Source& source) {
    if (options.requests_csv) requests.emplace(options.out + "/requests.csv", fleet, source.names());
    if (options.routing) routing.emplace(options.out + "/routing.jsonl", pool_infos(fleet));
    if (options.timeline) timeline.emplace(options.out + "/timeline.json", pool_infos(fleet));
    if (options.audit || (!options.out.empty() && has_policies(fleet))) ledger.emplace(make_ledger(fleet));
    if (options.exports.contains(ExportFormat::kPrometheus)) scrapes.emplace(fleet);
  }
  std::vector<Observer*> observers() {
    std::vector<Observer*> list;
    if (requests) list.push_back(&*requests);
    if (timeline) list.push_back(&*timeline);
    if (routing) list.push_back(&*routing);
    if (ledger) list.push_back(&*ledger);
    if (scrapes) list.push_back(&*scrapes);
    return list;
  }
  // A file of an earlier run that this one does not write would contradict its summary.
  void commit(const std::string& folder, const Fleet& fleet, const traces::Names& names) {
    if (requests) requests->commit();
    if (timeline) timeline->commit();
    if (routing) routing->commit();
    if (folder.empty()) return;
    if (ledger) {
      write_audit(folder, audit(fleet, names, *ledger));
    } else {
      remove_audit(folder);
    }
    remove_exports(folder);
    if (scrapes)
      write_file(folder + "/" + export_file(ExportFormat::kPrometheus),
                 [this](std::ostream& out) { write_openmetrics(out, *scrapes); });
    if (!requests) std::filesystem::remove(folder + "/requests.csv");
    if (!timeline) std::filesystem::remove(folder + "/timeline.json");
    if (!routing) std::filesystem::remove(folder + "/routing.jsonl");
  }
};

Performance performance_since(std::chrono::steady_clock::time_point start) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return {wall.count(), static_cast<std::uint64_t>(usage.ru_maxrss) * 1024};
}

}  // namespace

void refuse_what_is_read_only_once(const std::string& path) {
  std::error_code unknown;
  if (std::filesystem::exists(path, unknown) && !std::filesystem::is_regular_file(path, unknown))
    throw InputError({{{path}, "", "found no regular file", "name a file: it is read once for each run"}});
}

Summary simulate_to_summary(const Fleet& fleet, Simulation simulation) {
  const auto start = std::chrono::steady_clock::now();
  simulation.reading.seed = simulation.run.seed;
  const std::unique_ptr<traces::Source> source = traces::open_source(simulation.trace, simulation.reading);
  Recorder recorder = make_recorder(fleet, *source);
  Streams streams(simulation, fleet, *source);
  std::vector<Observer*> observers = streams.observers();
  observers.insert(observers.begin(), &recorder);
  ObserverList all(observers);
  const RunTotals totals = simulate(fleet, *source, all, simulation.run);
  streams.commit(simulation.out, fleet, source->names());
  RunInputs inputs{simulation.trace, simulation.run.seed, {}, performance_since(start)};
  inputs.digests = {{"fleet", fleet.digest},
                    {"trace", traces::source_digest(simulation.trace, simulation.reading)}};
  const Summary summary = run_summary(fleet, *source, recorder, totals, inputs);
  if (!simulation.exports.empty())
    write_load_reports(simulation.out, simulation.exports,
                       {fleet, summary, load_figures(recorder, stage_infos(*source))});
  return summary;
}

}  // namespace kvsim::sim
