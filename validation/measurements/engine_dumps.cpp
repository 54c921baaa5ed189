// SPDX-License-Identifier: Apache-2.0
// Dumps of vLLM's /metrics: counters of the last dump less those of the first, engine by engine.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "validation/measurements/engine_increase.h"
#include "validation/measurements/formats.h"

namespace kvsim::validation {
namespace {

constexpr const char* kStarted = "process_start_time_seconds";

struct Dump {
  std::string file;
  std::string process;  // when it started: dumps of one process belong together
  std::vector<MetricSample> samples;
  std::optional<double> stamp_seconds;
  double tokens = 0;  // so far: tells which dump came first
};

Dump read_dump(const MeasuredFile& file, Problems& problems) {
  Dump dump{file.path, "", parse_exposition(file.text, file.path, {"vllm:", kStarted}, problems), {}, 0};
  for (const MetricSample& sample : dump.samples) {
    if (sample.name == kStarted) dump.process = fmt::format("{}", sample.value);
    if (sample.name == "vllm:prompt_tokens_total" || sample.name == "vllm:generation_tokens_total")
      dump.tokens += sample.value;
    if (sample.stamp_seconds) dump.stamp_seconds = sample.stamp_seconds;
  }
  return dump;
}

// All dumps of one process, earliest first.
using Engine = std::vector<Dump>;

class DumpReader {
 public:
  DumpReader(Measurements& run, Problems& problems) : run_(run), problems_(problems) {}

  void add(const Engine& engine) {
    add_increase(engine);
    for (const MetricSample& sample : engine.back().samples)
      if (sample.name == kConfigMetric) run_.engine = engine_facts(sample.labels);
    std::map<std::string, std::pair<double, double>> gauges;  // sum, samples
    for (const Dump& dump : engine) {
      for (const MetricSample& sample : dump.samples) {
        const std::string metric = gauge_metric(plain_name(sample.name));
        if (metric.empty() || std::isnan(sample.value)) continue;
        gauges[metric].first += sample.value;
        gauges[metric].second += 1;
      }
    }
    for (const auto& [metric, sum] : gauges) {
      const bool share = metric == "kv_usage";
      gauges_[metric].first += sum.first / (share ? sum.second : static_cast<double>(engine.size()));
      gauges_[metric].second += 1;
    }
  }

  void finish(const MeasurementOptions& options) {
    const std::optional<double> seconds = options.seconds_between ? options.seconds_between : seconds_;
    increase_.add_to(run_, only_since_start_ ? std::nullopt : seconds);
    FigureList figures(run_, {});
    for (const auto& [metric, sum] : gauges_)
      figures.add(metric, "mean", metric == "kv_usage" ? sum.first / sum.second : sum.first);
    if (only_since_start_) {
      note(run_,
           "one dump: counters since the engine started, and no rates; take a dump before and one after");
    } else if (!seconds) {
      note(run_, "no rates: the dumps carry no time; tell the seconds between them");
    }
  }

 private:
  void add_increase(const Engine& engine) {
    std::map<std::string, double> before;
    if (engine.size() > 1) {
      only_since_start_ = false;
      for (const MetricSample& sample : engine.front().samples) before[sample.series()] = sample.value;
      if (engine.front().stamp_seconds && engine.back().stamp_seconds)
        seconds_ = *engine.back().stamp_seconds - *engine.front().stamp_seconds;
    }
    for (const MetricSample& sample : engine.back().samples) {
      if (!gauge_metric(plain_name(sample.name)).empty() || sample.name == kStarted) continue;
      const double increase = sample.value - before[sample.series()];
      if (increase < 0 && sample.name.ends_with("_total")) return refuse(engine, sample);
      increase_.add(sample.name, sample.labels, increase);
    }
  }

  void refuse(const Engine& engine, const MetricSample& sample) {
    problems_.add({engine.back().file}, sample.name,
                  fmt::format("is less than in {}: another engine, or it was restarted in between",
                              engine.front().file),
                  "give dumps of one life of one engine");
  }

  Measurements& run_;
  Problems& problems_;
  EngineIncrease increase_;
  std::map<std::string, std::pair<double, double>> gauges_;  // sum over engines, engines
  std::optional<double> seconds_;
  bool only_since_start_ = true;
};

}  // namespace

Measurements read_engine_dumps(const MeasuredFiles& files, const MeasurementOptions& options,
                               Problems& problems) {
  Measurements run;
  std::map<std::string, Engine> engines;
  for (const MeasuredFile& file : files) {
    Dump dump = read_dump(file, problems);
    engines[dump.process].push_back(std::move(dump));
  }
  DumpReader reader(run, problems);
  for (auto& [process, dumps] : engines) {
    std::stable_sort(dumps.begin(), dumps.end(),
                     [](const Dump& a, const Dump& b) { return a.tokens < b.tokens; });
    reader.add(dumps);
  }
  reader.finish(options);
  return run;
}

}  // namespace kvsim::validation
