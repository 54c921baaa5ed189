// SPDX-License-Identifier: Apache-2.0
#include "sim/report/exports/openmetrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "sim/report/exports/export_format.h"

namespace kvsim::sim {
namespace {

constexpr double kPerSecond = 1e6;  // sums in microseconds: what lies below depends on the order of terms

std::string labels_of(const std::string& fleet, const ScrapedPool& pool, const ScrapedEngine& engine) {
  const std::string pod = fmt::format("{}-{}", openmetrics_text(pool.name), engine.index);
  return fmt::format(R"(model_name="{}",engine="0",job="{}",namespace="{}",instance="{}:8000",pod="{}")",
                     openmetrics_text(pool.model), openmetrics_text(fleet), openmetrics_text(pool.site), pod,
                     pod);
}

std::string with(const std::string& labels, const std::string& more) {
  return more.empty() ? labels : labels + "," + more;
}

// As vLLM writes bounds: with a decimal point.
std::string bound_text(const EngineMetric& metric, std::size_t bucket) {
  if (bucket == metric.bounds.size()) return "+Inf";
  std::string text = fmt::format("{}", metric.bounds[bucket]);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

// What stands before the number in each line of a metric of an engine.
std::vector<std::string> line_starts(const EngineMetric& metric, const std::string& labels) {
  const std::string all = with(labels, metric.labels);
  if (metric.type != MetricType::kHistogram)
    return {
        fmt::format("{}{}{{{}}} ", metric.family, metric.type == MetricType::kCounter ? "_total" : "", all)};
  std::vector<std::string> starts;
  for (std::size_t bucket = 0; bucket <= metric.bounds.size(); ++bucket)
    starts.push_back(
        fmt::format("{}_bucket{{{},le=\"{}\"}} ", metric.family, all, bound_text(metric, bucket)));
  starts.push_back(fmt::format("{}_count{{{}}} ", metric.family, all));
  starts.push_back(fmt::format("{}_sum{{{}}} ", metric.family, all));
  return starts;
}

// The numbers of these lines at one row, of what has come together by then.
std::vector<double> line_values(const EngineMetric& metric, const std::vector<double>& sums) {
  if (metric.type != MetricType::kHistogram) return sums;
  std::vector<double> values(sums.begin(), sums.end() - 1);
  for (std::size_t bucket = 1; bucket < values.size(); ++bucket) values[bucket] += values[bucket - 1];
  values.push_back(values.back());
  values.push_back(std::round(sums.back() * kPerSecond) / kPerSecond);
  return values;
}

class Writer {
 public:
  Writer(std::ostream& out, const EngineScrapes& scrapes) : out_(out), scrapes_(scrapes) {
    for (const ScrapedRow& row : scrapes.rows())  // at whole seconds
      times_.push_back(fmt::format("{}", kExportStartSeconds + row.time / kNanosecondsPerSecond));
  }

  void write() {
    for (const EngineMetric* family : families()) {
      out_ << fmt::format("# TYPE {} {}\n# HELP {} {}\n", family->family, name(family->type), family->family,
                          family->help);
      for (const ScrapedEngine& engine : scrapes_.engines())
        for (const EngineMetric& metric : scrapes_.pools()[engine.pool].metrics)
          if (metric.family == family->family) write_metric(engine, metric);
    }
    out_ << "# EOF\n";
  }

 private:
  // One metric of each family that a pool has.
  std::vector<const EngineMetric*> families() const {
    std::vector<const EngineMetric*> list;
    for (const ScrapedPool& pool : scrapes_.pools())
      for (const EngineMetric& metric : pool.metrics)
        if (std::none_of(list.begin(), list.end(),
                         [&](const EngineMetric* one) { return one->family == metric.family; }))
          list.push_back(&metric);
    return list;
  }

  void write_metric(const ScrapedEngine& engine, const EngineMetric& metric) {
    const auto starts =
        line_starts(metric, labels_of(scrapes_.fleet(), scrapes_.pools()[engine.pool], engine));
    const std::size_t first = scrapes_.cell(engine, metric.value);
    std::vector<double> sums(metric.cells());
    for (std::size_t i = 0; i < scrapes_.rows().size(); ++i) {
      const ScrapedRow& row = scrapes_.rows()[i];
      for (std::size_t cell = 0; cell < sums.size(); ++cell)
        sums[cell] = row.cells[first + cell] + (metric.type == MetricType::kGauge ? 0 : sums[cell]);
      if (scrapes_.answers(engine, row)) write_lines(starts, line_values(metric, sums), times_[i]);
    }
  }

  void write_lines(const std::vector<std::string>& starts, const std::vector<double>& values,
                   const std::string& time) {
    lines_.clear();
    for (std::size_t i = 0; i < starts.size(); ++i)
      fmt::format_to(std::back_inserter(lines_), "{}{} {}\n", starts[i], values[i], time);
    out_.write(lines_.data(), static_cast<std::streamsize>(lines_.size()));
  }

  std::ostream& out_;
  const EngineScrapes& scrapes_;
  std::vector<std::string> times_;  // by row
  fmt::memory_buffer lines_;
};

}  // namespace

std::string openmetrics_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      escaped += ' ';
    } else {
      if (c == '"' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

void write_openmetrics(std::ostream& out, const EngineScrapes& scrapes) { Writer(out, scrapes).write(); }

}  // namespace kvsim::sim
