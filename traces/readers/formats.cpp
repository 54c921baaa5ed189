// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/text.h"
#include "traces/readers/csv_line.h"
#include "traces/readers/json_line.h"
#include "traces/readers/readers.h"
#include "traces/readers/refuse.h"

namespace kvsim::traces {
namespace {

struct Format {
  const char* name;
  std::unique_ptr<RecordReader> (*read)(LineReader, const TraceOptions&);
};
constexpr std::array<Format, 6> kFormats = {{{"kvsim", read_kvsim},
                                             {"mooncake", read_mooncake},
                                             {"azure", read_azure},
                                             {"burstgpt", read_burstgpt},
                                             {"bailian", read_bailian},
                                             {"vllm-bench", read_vllm_bench}}};

// The result file of vLLM's benchmark is one object over one line or many, with these fields near its start.
bool looks_like_vllm_bench(std::string_view head) {
  constexpr std::array<std::string_view, 5> kNames = {"\"num_prompts\"", "\"request_throughput\"",
                                                      "\"tokenizer_id\"", "\"total_input_tokens\"",
                                                      "\"input_lens\""};
  if (!trim(head).starts_with('{')) return false;
  for (const std::string_view name : kNames) {
    if (head.find(name) != std::string_view::npos) return true;
  }
  return false;
}

std::string json_format(const Line& line) {
  JsonLine fields([](const std::string&, const std::string&, const std::string&) {});
  if (!fields.parse(line)) return "";
  if (fields.has("kvsim_trace")) return "kvsim";
  if (fields.has("chat_id")) return "bailian";
  if (fields.has("input_length")) return "mooncake";
  return "";
}

std::string csv_format(std::string_view line) {
  const auto columns = split_csv(line);
  if (!columns || columns->size() > 256) return "";
  const CsvHeader header(*columns);
  if (header.find("ContextTokens")) return "azure";
  if (header.find("Request tokens")) return "burstgpt";
  return "";
}

std::string recognise(LineReader& lines) {
  if (looks_like_vllm_bench(lines.head())) return "vllm-bench";
  const std::vector<Line> ahead = lines.peek(1);
  if (ahead.empty())
    refuse({lines.path(), 1}, "", "is empty, or starts with blank lines only", "give a file with requests");
  const std::string format =
      ahead[0].text.starts_with('{') ? json_format(ahead[0]) : csv_format(ahead[0].text);
  if (!format.empty()) return format;
  refuse({lines.path(), ahead[0].number}, "",
         "the first line is that of no known trace format: \"" + shortened(ahead[0].text) + "\"",
         "give one of the formats of docs/traces.md, such as CSV with "
         "TIMESTAMP,ContextTokens,GeneratedTokens, or name it "
         "with --format: " +
             join(trace_formats(), ", "));
}

}  // namespace

const std::vector<std::string>& trace_formats() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (const Format& format : kFormats) result.emplace_back(format.name);
    return result;
  }();
  return names;
}

std::unique_ptr<RecordReader> read_records(LineReader lines, const TraceOptions& options) {
  const std::string name = options.format.empty() ? recognise(lines) : options.format;
  for (const Format& format : kFormats) {
    if (name == format.name) return format.read(std::move(lines), options);
  }
  refuse({lines.path()}, "format", "unknown trace format '" + name + "'",
         valid_names_remedy(name, trace_formats()));
}

}  // namespace kvsim::traces
