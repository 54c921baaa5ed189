// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/exposition.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

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
      if (left.front() == '\\') left.remove_prefix(1);
      if (left.empty()) return false;
      value += left.front();
      left.remove_prefix(1);
    }
    if (left.empty()) return false;
    left.remove_prefix(1);
    labels[name] = value;
  }
  left.remove_prefix(1);
  return true;
}

std::optional<MetricSample> parse_line(std::string_view line) {
  MetricSample sample;
  const std::size_t end = std::min(line.find_first_of("{ \t"), line.size());
  sample.name = line.substr(0, end);
  line.remove_prefix(end);
  if (line.starts_with('{') && !take_labels(line, sample.labels)) return {};
  line = trim(line);
  const std::size_t gap = std::min(line.find_first_of(" \t"), line.size());
  const std::optional<double> value = parse_metric_value(line.substr(0, gap));
  if (!value) return {};
  sample.value = *value;
  if (const std::string_view stamp = trim(line.substr(gap)); !stamp.empty()) {
    const std::optional<double> milliseconds = parse_double(stamp);
    if (!milliseconds) return {};
    sample.stamp_seconds = *milliseconds / 1000;
  }
  return sample;
}

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

}  // namespace kvsim::validation
