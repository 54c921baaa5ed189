// SPDX-License-Identifier: Apache-2.0
// llm-d's benchmark report, version 0.2: one file a stage.
#include <algorithm>

#include "validation/measurements/figure_list.h"
#include "validation/measurements/formats.h"

namespace kvsim::validation {
namespace {

const Spelling& spelling() {
  static const Spelling keys{{"mean", "mean"}, {"p50", "p50"}, {"p90", "p90"}, {"p95", "p95"},
                             {"p99", "p99"},   {"min", "min"}, {"max", "max"}};
  return keys;
}

std::optional<double> mean_of(Fields& parent, std::string_view key) {
  Fields block = parent.map(key);
  return first_number(block, {"mean"});
}

// Sum over components, as of a fleet; nothing where none tells it.
struct Gauges {
  std::optional<double> running, waiting, usage_sum;
  double usages = 0;
  static void add(std::optional<double>& sum, std::optional<double> value) {
    if (value) sum = sum.value_or(0) + *value;
  }
};

double share_unit(Fields& block) {
  const std::string unit = block.maybe_text("units").value_or("");
  return unit == "percent" || unit == "%" ? 0.01 : 1;
}

void add_gauges(Fields observability, FigureList& figures) {
  Gauges gauges;
  for (Fields& component : observability.maps("components")) {
    Fields aggregate = component.map("aggregate");
    Gauges::add(gauges.running, mean_of(aggregate, "running_requests"));
    Gauges::add(gauges.waiting, mean_of(aggregate, "waiting_requests"));
    Fields usage = aggregate.map("kv_cache_usage");
    const std::optional<double> share = first_number(usage, {"mean"});
    if (!share) continue;
    Gauges::add(gauges.usage_sum, *share * share_unit(usage));
    ++gauges.usages;
  }
  figures.add("running_requests", "mean", gauges.running);
  figures.add("waiting_requests", "mean", gauges.waiting);
  figures.add("kv_usage", "mean", ratio(gauges.usage_sum, gauges.usages));
}

class Report {
 public:
  Report(const MeasuredFile& file, Problems& problems)
      : root_(file.document, problems),
        results_(root_.map("results")),
        aggregate_(results_.map("request_performance").map("aggregate")),
        load_(root_.map("scenario").map("load").map("standardized")),
        requests_(aggregate_.map("requests")),
        rates_(aggregate_.map("throughput")) {
    if (!aggregate_.present())
      results_.problem("request_performance", "no aggregate", "give a report of version 0.2");
  }

  std::optional<std::uint32_t> index() { return read_stage(load_); }

  MeasuredStage stage(std::uint32_t index) {
    MeasuredStage stage;
    stage.index = index;
    stage.requested_rate = first_number(load_, {"rate_qps"});
    stage.concurrency = first_number(load_, {"concurrency"});
    stage.requests = first_number(requests_, {"total"});
    stage.failures = first_number(requests_, {"failures"});
    if (stage.requests)
      stage.successes =
          *stage.requests - stage.failures.value_or(0) - first_number(requests_, {"incomplete"}).value_or(0);
    stage.prompt_tokens_mean = mean_of(requests_, "input_length");
    stage.output_tokens_mean = mean_of(requests_, "output_length");
    stage.duration_seconds = ratio(stage.successes, mean_of(rates_, "request_rate"));
    return stage;
  }

  void add_to(Measurements& run, const MeasuredStage& stage, std::optional<std::uint32_t> index) {
    FigureList figures(run, index);
    figures.add("completed", stage.successes);
    figures.add("failed", stage.failures);
    for (const auto& [metric, key] : {std::pair{"requests_per_second", "request_rate"},
                                      {"input_tokens_per_second", "input_token_rate"},
                                      {"output_tokens_per_second", "output_token_rate"},
                                      {"tokens_per_second", "total_token_rate"}})
      figures.add(metric, mean_of(rates_, key));
    add_latencies(figures);
    add_gauges(results_.map("observability"), figures);
    if (run.date.empty()) run.date = date_of(root_.map("run").map("time").maybe_text("start").value_or(""));
    note_unread(results_, run);
  }

 private:
  void add_latencies(FigureList& figures) {
    Fields latency = aggregate_.map("latency");
    for (const auto& [metric, key] : latency_names()) {
      Fields block = latency.map(key);
      figures.add_block(metric, block, spelling(), seconds_in(block, "units"));
    }
  }

  Fields root_, results_, aggregate_, load_, requests_, rates_;
};

}  // namespace

Measurements read_benchmark_reports(const MeasuredFiles& files, Problems& problems) {
  Measurements run;
  for (const MeasuredFile& file : files) {
    Report report(file, problems);
    const std::optional<std::uint32_t> told = report.index();
    const MeasuredStage stage = report.stage(told.value_or(static_cast<std::uint32_t>(run.stages.size())));
    const bool taken = std::any_of(run.stages.begin(), run.stages.end(),
                                   [&](const MeasuredStage& other) { return other.index == stage.index; });
    if (taken)
      problems.add({file.path}, "scenario.load.standardized.stage",
                   "another file of the folder has the same stage",
                   "put reports of different runs into folders of their own");
    run.stages.push_back(stage);
    report.add_to(run, stage, told || files.size() > 1 ? std::optional(stage.index) : std::nullopt);
  }
  return run;
}

}  // namespace kvsim::validation
