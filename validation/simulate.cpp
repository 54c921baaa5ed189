// SPDX-License-Identifier: Apache-2.0
#include "validation/simulate.h"

#include "sim/cluster/simulation.h"
#include "sim/metrics/observer_list.h"
#include "sim/report/run_summary.h"

namespace kvsim::validation {

void Gauges::on_sample(Nanoseconds time, Nanoseconds, const sim::ReplicaSnapshot* replicas,
                       std::uint32_t count) {
  Sample sample{to_seconds(time), 0, 0};
  for (std::uint32_t i = 0; i < count; ++i) {
    sample.running += static_cast<double>(replicas[i].running);
    sample.waiting += static_cast<double>(replicas[i].waiting);
  }
  samples_.push_back(sample);
}

double Gauges::at(const std::string& metric, double seconds) const {
  const Sample* found = nullptr;
  for (const Sample& sample : samples_)
    if (sample.seconds <= seconds + 1e-9) found = &sample;
  if (found == nullptr || samples_.back().seconds + 1e-9 < seconds) return 0;
  return metric == "running_requests" ? found->running : found->waiting;
}

void RequestTimes::on_finished(const sim::RequestRecord& record) {
  if (record.status != sim::RequestStatus::kCompleted) return;
  times_[record.id] = {to_seconds(record.first_token - record.arrival),
                       to_seconds(record.finished - record.arrival)};
}

std::optional<double> RequestTimes::at(const std::string& metric, std::uint64_t request) const {
  const auto found = times_.find(request);
  if (found == times_.end()) return {};
  return metric == "ttft_seconds" ? found->second.ttft_seconds : found->second.e2e_seconds;
}

std::vector<std::optional<double>> Simulated::seconds_of(const MeasuredRequests& measured) const {
  std::vector<std::optional<double>> seconds;
  for (const RequestValue& value : measured.values)
    seconds.push_back(requests.at(measured.metric, value.request));
  return seconds;
}

std::vector<double> Simulated::samples(const std::string& metric, double every_seconds,
                                       std::size_t count) const {
  std::vector<double> values;
  for (std::size_t i = 1; i <= count; ++i)
    values.push_back(gauges.at(metric, first_arrival_seconds + every_seconds * static_cast<double>(i)));
  return values;
}

Simulated simulate(const Run& run) {
  const traces::TraceOptions reading = reading_of(run);
  const std::unique_ptr<traces::Source> source = traces::open_source(run.workload, reading);
  sim::Recorder recorder = sim::make_recorder(run.fleet, *source);
  Simulated simulated;
  sim::ObserverList observers({&recorder, &simulated.gauges, &simulated.requests});
  sim::RunOptions options;
  options.seed = run.seed;
  const sim::RunTotals totals = sim::simulate(run.fleet, *source, observers, options);
  simulated.first_arrival_seconds = to_seconds(totals.first_arrival);
  const sim::RunInputs inputs{
      run.workload,
      run.seed,
      {{"fleet", run.fleet.digest}, {"trace", traces::source_digest(run.workload, reading)}},
      {}};
  simulated.summary = sim::run_summary(run.fleet, *source, recorder, totals, inputs);
  return simulated;
}

}  // namespace kvsim::validation
