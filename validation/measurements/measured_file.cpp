// SPDX-License-Identifier: Apache-2.0
#include "validation/measurements/measured_file.h"

#include "base/text.h"
#include "validation/measurements/exposition.h"

namespace kvsim::validation {
namespace {

using Format = MeasurementFormat;

bool has_map(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value != nullptr && value->is_map();
}

bool has_scalar(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value != nullptr && value->is_scalar();
}

bool is_request_row(const Node& row) {
  return row.find("start_time") != nullptr && row.find("end_time") != nullptr;
}

bool is_aiperf(const Node& map) {
  if (map.find("aiperf_version") != nullptr) return true;
  for (const std::string_view tag : {"time_to_first_token", "request_latency", "request_throughput"})
    if (has_map(map, tag) && map.find(tag)->find("unit") != nullptr) return true;
  return false;
}

bool is_query_range(const Node& map) {
  return has_map(map, "data") && map.find("data")->find("resultType") != nullptr;
}

Format format_of(const Node& root) {
  if (root.is_sequence())
    return !root.items.empty() && is_request_row(root.items.front()) ? Format::kInferencePerf
                                                                     : Format::kUnknown;
  if (has_map(root, "load_summary") && has_map(root, "successes")) return Format::kInferencePerf;
  if (has_map(root, "results") && root.find("version") != nullptr) return Format::kBenchmarkReport;
  if (const Node* list = root.find("benchmarks"); list != nullptr && list->is_sequence())
    return Format::kGuideLlm;
  if (is_query_range(root)) return Format::kQueryRange;
  if (has_scalar(root, "request_throughput") && has_scalar(root, "completed")) return Format::kVllmBench;
  return is_aiperf(root) ? Format::kAiperf : Format::kUnknown;
}

bool is_engine_dump(std::string_view text) {
  for (const std::string_view lead : {"vllm:", "# HELP vllm:", "# TYPE vllm:"})
    if (text.starts_with(lead) || text.find("\n" + std::string(lead)) != std::string_view::npos) return true;
  return false;
}

Format format_of_csv(std::string_view text) {
  while (text.starts_with('#') && text.find('\n') != std::string_view::npos)  // notes
    text.remove_prefix(text.find('\n') + 1);
  const std::string header = "," + lower(trim(text.substr(0, text.find('\n')))) + ",";
  const auto has = [&](std::string_view column) {
    return header.find("," + std::string(column) + ",") != std::string::npos;
  };
  if (has("n_prefill") && has("n_decode") && has("step_seconds")) return Format::kStepCsv;
  return has("run_id") && has("stage") && has("requested_rate_qps") ? Format::kStageCsv : Format::kUnknown;
}

Format format_of_text(std::string_view text) {
  if (!is_engine_dump(text)) return format_of_csv(text);
  return is_timed_openmetrics(text) ? Format::kOpenMetrics : Format::kEngineDump;
}

// Length of a word that strict JSON lacks; 0: none stands here.
std::size_t lenient_number(std::string_view text) {
  for (const std::string_view word : {"NaN", "Infinity", "-Infinity"})
    if (text.starts_with(word)) return word.size();
  return 0;
}

MeasuredFile of_document(Document document) {
  const Format format = format_of(*document.root);
  return {document.file, format, std::move(document), ""};
}

}  // namespace

std::string strict_json(std::string_view text) {
  std::string strict;
  strict.reserve(text.size());
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const std::size_t length = quoted ? 0 : lenient_number(text.substr(i, 9)); length > 0) {
      strict += "null";
      i += length - 1;
      continue;
    }
    strict += text[i];
    if (quoted && text[i] == '\\' && i + 1 < text.size()) {
      strict += text[++i];
    } else if (text[i] == '"') {
      quoted = !quoted;
    }
  }
  return strict;
}

MeasuredFile recognise(const std::string& path, std::string text) {
  const std::string_view content = trim(text);
  if (content.starts_with('{') || content.starts_with('['))
    return of_document(parse_json(strict_json(text), path));
  if (content.find("request_performance:") != std::string_view::npos)
    return of_document(parse_yaml(text, path));
  return {path, format_of_text(text), {}, std::move(text)};
}

}  // namespace kvsim::validation
