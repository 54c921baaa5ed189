// SPDX-License-Identifier: Apache-2.0
#include "cli/sweep_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "base/errors.h"
#include "base/overrides.h"
#include "base/text.h"
#include "sim/report/sweep_metrics.h"

namespace kvsim::cli {
namespace {

const std::vector<std::string> kUsualMetrics = {
    "throughput.output_tokens_per_second", "latency.ttft_seconds.mean", "latency.ttft_seconds.p99",
    "latency.tpot_seconds.mean",           "cache.hit_ratio",           "cost.per_million_output_tokens"};

// Tells, letter by letter, whether a YAML flow value is inside brackets or quotes.
class Nesting {
 public:
  bool take(char letter) {
    const char before = last_;
    last_ = letter;
    if (quote_ != 0) {
      if (letter == quote_ && !(quote_ == '"' && before == '\\')) quote_ = 0;
      return true;
    }
    if ((letter == '"' || letter == '\'') && opens_value(before)) quote_ = letter;
    if (letter == '[' || letter == '{') ++depth_;
    if ((letter == ']' || letter == '}') && depth_ > 0) --depth_;
    return depth_ > 0 || quote_ != 0;
  }

 private:
  static bool opens_value(char before) {
    return std::string_view(" ,[{:").find(before) != std::string_view::npos;
  }

  int depth_ = 0;
  char quote_ = 0;
  char last_ = ',';
};

std::vector<std::string> split_values(std::string_view text) {
  std::vector<std::string> values(1);
  Nesting nesting;
  for (const char letter : text) {
    if (!nesting.take(letter) && letter == ',')
      values.emplace_back();
    else
      values.back() += letter;
  }
  for (std::string& value : values) value = std::string(trim(value));
  return values;
}

sim::SweepAxis read_axis(const std::string& text) {
  const Override list = parse_override(text);
  constexpr std::string_view kFleet = "fleet.";  // says the same as nothing
  const bool says_fleet = list.path.starts_with(kFleet);
  sim::SweepAxis axis{list.path.substr(says_fleet ? kFleet.size() : 0), split_values(list.value)};
  std::set<std::string> seen;
  for (const std::string& value : axis.values) {
    if (value.empty())
      throw UsageError(fmt::format("{}: found no value between commas; give PATH=V1,V2", list.given));
    if (!seen.insert(value).second)
      throw UsageError(fmt::format("{}: found the value {} twice; keep one", list.given, value));
  }
  return axis;
}

[[noreturn]] void refuse_metric(const std::string& metric, std::vector<std::string> valid) {
  std::erase_if(valid, [](const std::string& name) { return name.find(".0.") != std::string::npos; });
  throw UsageError("--metric: found '" + metric + "'; " + valid_names_remedy(metric, valid) +
                   "; and those in lists, such as pools.0.busy_fraction");
}

}  // namespace

std::vector<sim::SweepAxis> sweep_axes(const std::vector<std::string>& settings) {
  std::vector<sim::SweepAxis> axes;
  for (const std::string& text : settings) {
    sim::SweepAxis axis = read_axis(text);
    const auto same = [&axis](const sim::SweepAxis& other) { return other.key == axis.key; };
    if (std::any_of(axes.begin(), axes.end(), same))
      throw UsageError(fmt::format("--set {}: the path stands in an earlier --set; give one list", text));
    axes.push_back(std::move(axis));
  }
  return axes;
}

std::vector<std::vector<std::string>> sweep_grid(const std::vector<sim::SweepAxis>& axes, std::size_t seeds) {
  std::vector<std::vector<std::string>> points(1);
  for (const sim::SweepAxis& axis : axes) {
    if (points.size() * seeds > kMaxSweepRuns / axis.values.size())
      throw UsageError(fmt::format("more than {} runs; give fewer values or seeds", kMaxSweepRuns));
    std::vector<std::vector<std::string>> longer;
    for (const std::vector<std::string>& point : points) {
      for (const std::string& value : axis.values) {
        longer.push_back(point);
        longer.back().push_back(value);
      }
    }
    points = std::move(longer);
  }
  return points;
}

std::vector<std::string> sweep_metrics(const std::vector<std::string>& asked) {
  if (asked.empty()) return kUsualMetrics;
  const std::vector<std::string> valid = sim::metric_names();
  std::set<std::string> seen;
  for (const std::string& metric : asked) {
    if (std::find(valid.begin(), valid.end(), sim::any_place(metric)) == valid.end())
      refuse_metric(metric, valid);
    if (!seen.insert(metric).second) throw UsageError("--metric " + metric + ": given twice; keep one");
  }
  return asked;
}

}  // namespace kvsim::cli
