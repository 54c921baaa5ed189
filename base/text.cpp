// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace kvsim {
namespace {

constexpr std::size_t kLongestComparedName = 100;
constexpr std::size_t kShownBytes = 60;

template <class Number>
std::optional<Number> parse_whole_text(std::string_view text) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return {};
  }
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

// Restricted Damerau-Levenshtein distance: two neighbours exchanged count as one edit.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), current(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, change});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) current[j] = std::min(current[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(current);
  }
  return last[b.size()];
}

// Code points, which is the width of a cell in a terminal for the scripts that reports use.
std::size_t shown_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool looks_numeric(std::string_view cell) {
  if (cell.empty() || cell == "-") return true;
  std::string plain(cell);
  std::erase(plain, ',');
  if (plain.ends_with('%')) plain.pop_back();
  return parse_double(trim(plain)).has_value();
}

struct Column {
  std::size_t width = 0;
  bool numeric = true;
};

std::vector<Column> measure_columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<Column> columns;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (columns.size() < rows[r].size()) columns.resize(rows[r].size());
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      columns[c].width = std::max(columns[c].width, shown_width(rows[r][c]));
      if (r > 0 && !looks_numeric(rows[r][c])) columns[c].numeric = false;
    }
  }
  return columns;
}

// Words of other tools and of daily speech for keys and names of ours.
std::vector<std::string> names_in_other_words(std::string_view name,
                                              const std::vector<std::string>& candidates) {
  static const std::vector<std::pair<std::string_view, std::string_view>> words = {
      {"average", "mean"},
      {"avg", "mean"},
      {"median", "p50"},
      {"budget", "capex"},
      {"count", "replicas"},
      {"instances", "replicas"},
      {"gpu", "accelerator"},
      {"device", "accelerator"},
      {"gpus", "accelerators"},
      {"num_gpus", "accelerators"},
      {"gpu_count", "accelerators"},
      {"hardware", "accelerator"},
      {"tensor_parallel_size", "tp"},
      {"memory", "host_memory"},
      {"ram", "host_memory"},
      {"sla", "slo"},
      {"slos", "slo_classes"},
      {"qps", "rate"},
      {"rps", "rate"},
      {"users", "tenants"},
      {"prompt_tokens", "input_tokens"},
      {"prompt", "input_tokens"},
      {"completion_tokens", "output_tokens"},
      {"generated_tokens", "output_tokens"},
      {"cost", "price"},
      {"scheduler", "router"},
      {"load_balancer", "router"},
      {"power", "watts"}};
  std::vector<std::string> found;
  for (const auto& [word, ours] : words)
    if (lower(name) == word && std::find(candidates.begin(), candidates.end(), ours) != candidates.end())
      found.emplace_back(ours);
  return found;
}

// Those that begin with the name or end with it, or whose whole text stands in it: "H100",
// "Qwen/Qwen3-8B-FP8".
std::vector<std::string> names_sharing_text(std::string_view name,
                                            const std::vector<std::string>& candidates) {
  constexpr std::size_t kShortest = 3, kMost = 5;
  const std::string wanted = lower(name);
  std::vector<std::string> found;
  for (const std::string& candidate : candidates) {
    const std::string text = lower(candidate);
    const bool part = text.starts_with(wanted) || text.ends_with(wanted);
    const bool whole = text.size() > kShortest && wanted.find(text) != std::string::npos;
    if (wanted.size() >= kShortest && (part || whole) && found.size() < kMost) found.push_back(candidate);
  }
  return found;
}

// Length of the well-formed sequence at the start of `bytes`, 0 when there is none.
std::size_t utf8_sequence_length(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) > 0x9F;
  const bool beyond_unicode = lead == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || beyond_unicode ? 0 : length;
}

}  // namespace

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) result += separator;
    result += parts[i];
  }
  return result;
}

std::optional<double> parse_double(std::string_view text) {
  const auto value = parse_whole_text<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  return parse_whole_text<std::int64_t>(text);
}

std::optional<std::string> closest_name(std::string_view name, const std::vector<std::string>& candidates) {
  if (name.size() > kLongestComparedName) return {};
  const std::string wanted = lower(name);
  std::size_t best = wanted.size() / 3 + 1;
  std::optional<std::string> nearest;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestComparedName) continue;
    const std::size_t distance = edit_distance(wanted, lower(candidate));
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string valid_names_remedy(std::string_view name, const std::vector<std::string>& candidates) {
  if (candidates.empty()) return "nothing is valid here";
  std::vector<std::string> near = names_in_other_words(name, candidates);
  if (const auto closest = closest_name(name, candidates); near.empty() && closest) near = {*closest};
  if (near.empty()) near = names_sharing_text(name, candidates);
  for (std::string& one : near) one = "'" + one + "'";
  return (near.empty() ? "" : "did you mean " + join(near, " or ") + "? ") +
         "use one of: " + join(candidates, ", ");
}

std::string format_table(const std::vector<std::vector<std::string>>& rows) {
  const std::vector<Column> columns = measure_columns(rows);
  std::string table;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string padding(columns[c].width - shown_width(row[c]), ' ');
      line += (c > 0 ? "  " : "") + (columns[c].numeric ? padding + row[c] : row[c] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    table += line + '\n';
  }
  return table;
}

std::string shortened(std::string_view text) {
  std::string result(text.substr(0, kShownBytes));
  if (result.size() < text.size()) {
    while (!is_utf8(result)) result.pop_back();
    result += "...";
  }
  std::replace_if(
      result.begin(), result.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return result;
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = utf8_sequence_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

}  // namespace kvsim
