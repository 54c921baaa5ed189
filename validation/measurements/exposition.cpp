// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/exposition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "base/text.h"

namespace kvsim::validation {
namespace {

// Takes `name="value"` pairs up to the closing brace off the front; false where they are not well-formed.
bool take_labels(std::string_view& left, Labels& labels) {
  left.remove_prefix(1);
  while (true) {
    left = trim(left);
    if (left.starts_with(',')) left = trim(left.substr(1));
    if (left.starts_with('}')) break;
    const std::size_t equals = left.find("=\"");
    if (equals == std::string_view::npos || equals == 0) return false;
    const std::string name(trim(left.substr(0, equals)));
    left.remove_prefix(equals + 2);
    std::string value;
    while (!left.empty() && left.front() != '"') {
      const bool is_escaped = left.front() == '\\';
      if (is_escaped) left.remove_prefix(1);
      if (left.empty()) return false;
      value += is_escaped && left.front() == 'n' ? '\n' : left.front();
      left.remove_prefix(1);
    }
    if (left.empty()) return false;
    left.remove_prefix(1);
    labels[name] = value;
  }
  left.remove_prefix(1);
  return true;
}

// Takes name and labels off the front.
bool take_series(std::string_view& line, std::string& name, Labels& labels) {
  const std::size_t end = std::min(line.find_first_of("{ \t"), line.size());
  name = line.substr(0, end);
  line.remove_prefix(end);
  return !line.starts_with('{') || take_labels(line, labels);
}

struct StampedValue {
  double value = 0;
  std::optional<double> stamp;  // in the format's unit
};

std::optional<StampedValue> parse_value(std::string_view text) {
  text = trim(text);
  const std::size_t gap = std::min(text.find_first_of(" \t"), text.size());
  const std::optional<double> value = parse_metric_value(text.substr(0, gap));
  if (!value) return {};
  const std::string_view stamp = trim(text.substr(gap));
  if (stamp.empty()) return StampedValue{*value, {}};
  const std::optional<double> time = parse_double(stamp);
  return time ? std::optional(StampedValue{*value, time}) : std::nullopt;
}

std::optional<MetricSample> parse_line(std::string_view line) {
  MetricSample sample;
  if (!take_series(line, sample.name, sample.labels)) return {};
  const std::optional<StampedValue> value = parse_value(line);
  if (!value) return {};
  sample.value = value->value;
  if (value->stamp) sample.stamp_seconds = *value->stamp / 1000;
  return sample;
}

// How many bytes of the line name the series.
std::size_t series_length(std::string_view line) {
  bool in_labels = false, quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quoted && line[i] == '\\') {
      ++i;
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == '{') {
      in_labels = true;
    } else if (!quoted && in_labels && line[i] == '}') {
      return i + 1;
    } else if (!in_labels && line[i] == ' ') {
      return i;
    }
  }
  return line.size();
}

class TimedReader {
 public:
  // Whether the line could be read.
  bool add(std::string_view line) {
    const std::string_view name = line.substr(0, series_length(line));
    const std::string_view rest = line.substr(name.size());
    const auto value = parse_value(rest.substr(0, rest.find('#')));  // an exemplar may follow
    TimedSeries* series = series_of(name);
    if (!value || !value->stamp || series == nullptr) return false;
    if (!series->values.empty() && *value->stamp <= series->values.back().seconds) return false;
    if (std::isfinite(value->value)) series->values.push_back({*value->stamp, value->value});
    return true;
  }
  std::vector<TimedSeries> take() { return std::move(list_); }

 private:
  TimedSeries* series_of(std::string_view name) {
    const auto [place, is_new] = index_.emplace(name, list_.size());
    if (!is_new) return &list_[place->second];
    TimedSeries series;
    if (!take_series(name, series.name, series.labels)) {
      index_.erase(place);
      return nullptr;
    }
    list_.push_back(std::move(series));
    return &list_.back();
  }

  std::unordered_map<std::string_view, std::size_t> index_;
  std::vector<TimedSeries> list_;
};

// Samples of vLLM: what is no comment and no other exporter's.
bool is_sample(std::string_view line) { return line.starts_with("vllm:"); }

}  // namespace

std::string MetricSample::series() const {
  std::string text = name;
  for (const auto& [label, content] : labels) text += fmt::format("\n{}={}", label, content);
  return text;
}

std::optional<double> parse_metric_value(std::string_view text) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "+Inf" || text == "Inf") return infinity;
  if (text == "-Inf") return -infinity;
  return parse_double(text);
}

std::vector<MetricSample> parse_exposition(std::string_view text, const std::string& file,
                                           const std::vector<std::string>& prefixes, Problems& problems) {
  std::vector<MetricSample> samples;
  int number = 0;
  for (const std::string_view whole : split(text, '\n')) {
    ++number;
    const std::string_view line = trim(whole);
    if (std::none_of(prefixes.begin(), prefixes.end(),
                     [&](const auto& one) { return line.starts_with(one); }))
      continue;
    if (auto sample = parse_line(line)) {
      samples.push_back(std::move(*sample));
    } else {
      problems.add({file, number}, "", fmt::format("found '{}'", shortened(line)),
                   "give lines of the form name{label=\"value\"} number; the dump may be cut off");
    }
  }
  return samples;
}

bool is_timed_openmetrics(std::string_view text) {
  if (!trim(text).ends_with("# EOF")) return false;
  const std::size_t at = is_sample(text) ? 0 : text.find("\nvllm:");
  if (at == std::string_view::npos) return false;
  const std::string_view line = trim(text.substr(at + (at > 0)));
  const std::string_view first = line.substr(0, line.find('\n'));
  const auto value = parse_value(first.substr(series_length(first)));
  return value && value->stamp;
}

std::vector<TimedSeries> parse_timed_openmetrics(std::string_view text, const std::string& file,
                                                 Problems& problems) {
  TimedReader reader;
  int number = 0;
  for (const std::string_view whole : split(text, '\n')) {
    ++number;
    const std::string_view line = trim(whole);
    if (is_sample(line) && !reader.add(line))
      problems.add({file, number}, "", fmt::format("found '{}'", shortened(line)),
                   "give lines of the form name{label=\"value\"} number seconds, each series in the order of "
                   "time; the file may be cut off");
  }
  return reader.take();
}

}  // namespace kvsim::validation
