// SPDX-License-Identifier: Apache-2.0
#include "sim/report/run_summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/metrics/summarize.h"
#include "sim/report/labels.h"
#include "sim/scenario/lawful.h"

namespace kvsim::sim {
namespace {

ScenarioFacts scenario_of(const Fleet& fleet, const RunInputs& inputs) {
  ScenarioFacts scenario{fleet.name, inputs.trace, {}, inputs.seed, inputs.digests};
  for (const Pool& pool : fleet.pools) traces::intern(scenario.models, pool.model.name);
  return scenario;
}

std::vector<StorageFacts> storage_facts(const Fleet& fleet) {
  std::vector<StorageFacts> facts;
  for (const StorageSystemSettings& system : fleet.storage) {
    StorageFacts one{system.name, system.kind, system.site, system.local, system.capacity_bytes, {}, {}, {}};
    if (system.retention.limit != kNever) one.retention_seconds = to_seconds(system.retention.limit);
    one.retention_since_last_use = system.retention.since == RetentionSince::kLastUse;
    if (system.endurance_bytes > 0) one.endurance_bytes = system.endurance_bytes;
    facts.push_back(std::move(one));
  }
  return facts;
}

void add_unverified(const Pool& pool, const char* what, const Figure& figure, std::vector<Note>& notes) {
  if (figure.unverified)
    notes.push_back({"accelerator " + pool.accelerator.name + ": " + what, "unverified: " + figure.source});
}

std::vector<Note> notes_of(const Fleet& fleet, const traces::Source& source) {
  std::vector<Note> notes;
  for (const Validity& validity : fleet.validity) notes.push_back({validity.what, validity.reason});
  for (const Pool& pool : fleet.pools) {
    add_unverified(pool, "peak power", pool.accelerator.peak_watts, notes);
    add_unverified(pool, "idle power", pool.accelerator.idle_watts, notes);
  }
  for (const auto& [what, reason] : source.notes()) notes.push_back({what, reason});
  return notes;
}

// A class or tenant that the fleet does not describe is often a misspelling; its requests are served all the
// same.
void add_unknown_names(const Fleet& fleet, const traces::Names& labels, std::vector<Note>& notes) {
  const auto knows = [](const auto& known, const std::string& name) {
    return std::any_of(known.begin(), known.end(), [&name](const auto& one) { return one.name == name; });
  };
  for (const std::string& name : labels.slo_classes)
    if (!fleet.slo_classes.empty() && !knows(fleet.slo_classes, name))
      notes.push_back({"class " + name, "not among the fleet's slo_classes: it has no objectives"});
  for (const std::string& name : labels.tenants)
    if (!fleet.tenants.empty() && name != tenant_label("") && !knows(fleet.tenants, name))
      notes.push_back({"tenant " + name,
                       fleet.default_residency.any()
                           ? "not among the fleet's tenants: default_residency holds, and it has no class"
                           : "not among the fleet's tenants: it shares its cache and has no class"});
}

// Requests that no pool may serve, with every reason by pool.
void add_unlawful(const Fleet& fleet, const traces::Names& names, const std::vector<Group>& groups,
                  const Recorder& recorder, std::vector<Note>& notes) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> rejected;  // by tenant and model
  for (std::size_t i = 0; i < recorder.keys().size(); ++i) {
    const TallyKey& key = recorder.keys()[i];
    if (key.status != RequestStatus::kRejectedNoRoute) continue;
    const Group& group = groups[key.group];
    rejected[{names.tenants[group.tenant], model_label(fleet, names.models[group.model])}] +=
        recorder.tallies()[i].requests;
  }
  for (const auto& [who, count] : rejected) {
    const auto& [tenant, model] = who;
    if (!lawful_pools(fleet, tenant, model).pools.empty()) continue;
    notes.push_back(
        {"tenant " + tenant_label(tenant), fmt::format("{} requests rejected: no lawful pool for {}: {}",
                                                       count, model, why_unlawful(fleet, tenant, model))});
  }
}

}  // namespace

std::vector<PoolInfo> pool_infos(const Fleet& fleet) {
  std::vector<PoolInfo> infos;
  for (const Pool& pool : fleet.pools)
    infos.push_back({pool.name, pool.site, pool.accelerator.name, pool.model.name, pool.profile,
                     pool.replicas, pool.tp, pool.accelerator.idle_watts.value,
                     pool.accelerator.peak_watts.value, pool.accelerator_price_per_hour,
                     pool.step_time_facts});
  return infos;
}

std::vector<StageInfo> stage_infos(const traces::Source& source) {
  std::vector<StageInfo> stages;
  for (const traces::Stage& stage : source.stages())
    stages.push_back({stage.index, stage.requested_rate, stage.concurrency});
  return stages;
}

Recorder make_recorder(const Fleet& fleet, const traces::Source& source) {
  RecorderOptions options;
  options.staged = !source.stages().empty();
  return Recorder(pool_infos(fleet), options);
}

Summary run_summary(const Fleet& fleet, const traces::Source& source, const Recorder& recorder,
                    const RunTotals& totals, const RunInputs& inputs) {
  LabelledGroups labelled = label_groups(fleet, source.names(), totals.groups.all());
  RunFacts facts;
  facts.first_arrival = totals.first_arrival;
  facts.end = totals.end;
  facts.groups = std::move(labelled.groups);
  facts.labels = std::move(labelled.labels);
  facts.objectives = std::move(labelled.objectives);
  facts.stages = stage_infos(source);
  facts.storage = storage_facts(fleet);
  for (const std::string& tenant : source.names().tenants)
    facts.source_tenants.push_back(tenant_label(tenant));
  facts.has_outages = !fleet.outages.empty();
  facts.scenario = scenario_of(fleet, inputs);
  facts.currency = fleet.currency;
  facts.validity = notes_of(fleet, source);
  add_unknown_names(fleet, facts.labels, facts.validity);
  add_unlawful(fleet, source.names(), totals.groups.all(), recorder, facts.validity);
  facts.performance = inputs.performance;
  return summarize(recorder, facts);
}

}  // namespace kvsim::sim
