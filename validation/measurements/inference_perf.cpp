// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "validation/measurements/figure_list.h"
#include "validation/measurements/formats.h"
#include "validation/measurements/request_samples.h"

namespace kvsim::validation {
namespace {

const Spelling& spelling() {
  static const Spelling keys{{"mean", "mean"}, {"p50", "median"}, {"p50", "p50"}, {"p90", "p90"},
                             {"p95", "p95"},   {"p99", "p99"},    {"min", "min"}, {"max", "max"}};
  return keys;
}

// N of `..stage_N_..`: a report does not tell its own number.
std::optional<std::uint32_t> stage_in_name(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  const std::size_t at = name.find("stage_");
  if (at == std::string::npos) return {};
  const std::size_t start = at + 6;
  const auto number = parse_integer(name.substr(start, name.find_first_not_of("0123456789", start) - start));
  return number && *number >= 0 && *number <= 100'000 ? std::optional(static_cast<std::uint32_t>(*number))
                                                      : std::nullopt;
}

// Mean tokens of a request: a block of statistics (`prompt_len`), blocks by kind (`prompt_tokens.total`), or
// a sum over `count` requests.
std::optional<double> mean_tokens(Fields& parent, std::string_view key, std::optional<double> count) {
  const Node* node = parent.raw(key);
  if (node == nullptr || node->is_null()) return {};
  if (node->is_scalar()) return ratio(first_number(parent, {key}), count);
  Fields block = parent.map(key);
  if (const auto mean = first_number(block, {"mean"})) return mean;
  return mean_tokens(block, "total", count);
}

std::optional<double> hit_ratio(Fields& successes) {
  const Node* node = successes.raw("prompt_tokens");
  if (node == nullptr || !node->is_map()) return {};
  Fields tokens = successes.map("prompt_tokens");
  return ratio(mean_tokens(tokens, "cached", 1), mean_tokens(tokens, "total", 1));
}

void add_latencies(Fields latency, FigureList& figures) {
  for (const auto& [metric, key] : latency_names()) {
    Fields block = latency.map(key);
    figures.add_block(metric, block, spelling(), 1);
  }
}

class Report {
 public:
  Report(const MeasuredFile& file, Problems& problems)
      : root_(file.document, problems),
        load_(root_.map("load_summary")),
        successes_(root_.map("successes")),
        failures_(root_.map("failures")),
        rates_(successes_.map("throughput")) {}

  // The summary of a run has neither a rate nor a concurrency.
  bool is_of_a_stage() const { return load_.has("requested_rate") || load_.has("concurrency"); }
  void refuse(std::string message, std::string remedy) { root_.problem("", message, remedy); }

  MeasuredStage stage(std::uint32_t index) {
    MeasuredStage stage;
    stage.index = index;
    stage.requested_rate = first_number(load_, {"requested_rate"});
    stage.concurrency = first_number(load_, {"concurrency"});
    stage.requests = first_number(load_, {"count"});
    stage.successes = first_number(successes_, {"count"});
    stage.failures = first_number(failures_, {"count"});
    stage.duration_seconds = ratio(stage.successes, first_number(rates_, {"requests_per_sec"}));
    stage.prompt_tokens_mean = mean_tokens(successes_, "prompt_len", stage.successes);
    if (!stage.prompt_tokens_mean)
      stage.prompt_tokens_mean = mean_tokens(successes_, "prompt_tokens", stage.successes);
    stage.output_tokens_mean = mean_tokens(successes_, "output_len", stage.successes);
    if (!stage.output_tokens_mean)
      stage.output_tokens_mean = mean_tokens(successes_, "output_tokens", stage.successes);
    return stage;
  }

  void add_to(Measurements& run, std::optional<std::uint32_t> index) {
    FigureList figures(run, index);
    figures.add("completed", first_number(successes_, {"count"}));
    figures.add("failed", first_number(failures_, {"count"}));
    for (const auto& [metric, key] : {std::pair{"requests_per_second", "requests_per_sec"},
                                      {"input_tokens_per_second", "input_tokens_per_sec"},
                                      {"output_tokens_per_second", "output_tokens_per_sec"},
                                      {"tokens_per_second", "total_tokens_per_sec"}})
      figures.add(metric, first_number(rates_, {key}));
    figures.add("hit_ratio", hit_ratio(successes_));
    add_latencies(successes_.map("latency"), figures);
    Fields delay = load_.map("schedule_delay");
    figures.add_block("schedule_delay_seconds", delay, spelling(), 1);
    note_unread(successes_, run);
    note_unread(root_, run);
  }

 private:
  Fields root_, load_, successes_, failures_, rates_;
};

// Where a row's tokens stand: `info` itself, or a map in it in newer versions.
SampledRequest read_row(Fields& row) {
  SampledRequest request;
  const NumberRange any_time{-kLargestValue, kLargestValue};
  request.start_seconds = row.number("start_time", any_time);
  request.end_seconds = row.number("end_time", any_time);
  const Node* error = row.raw("error");
  request.failed = error != nullptr && !error->is_null();
  Fields info = row.map("info");
  Fields sent = info.map("request_metrics");
  Fields text = sent.map("text");
  Fields answer = info.map("response_metrics");
  request.input_tokens = first_number(info, {"input_tokens"});
  if (!request.input_tokens) request.input_tokens = first_number(text, {"input_tokens"});
  request.output_tokens = first_number(info, {"output_tokens"});
  if (!request.output_tokens) request.output_tokens = first_number(answer, {"output_tokens"});
  request.token_seconds = info.numbers("output_token_times", any_time);
  if (request.token_seconds.empty()) request.token_seconds = answer.numbers("output_token_times", any_time);
  if (request.end_seconds < request.start_seconds)
    row.problem("end_time", "lies before start_time", "give a file whose times are of one clock");
  return request;
}

std::vector<SampledRequest> read_rows(const MeasuredFile& file, Problems& problems) {
  std::vector<SampledRequest> requests;
  const std::vector<Node>& rows = file.document.root->items;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Fields row(&rows[i], file.path, fmt::format("[{}]", i), problems);
    requests.push_back(read_row(row));
  }
  return requests;
}

class FolderReader {
 public:
  FolderReader(Measurements& run, Problems& problems) : run_(run), problems_(problems) {}

  void add_report(const MeasuredFile& file) {
    Report report(file, problems_);
    const std::optional<std::uint32_t> named = stage_in_name(file.path);
    if (!named && !report.is_of_a_stage()) {
      if (!whole_) report.add_to(run_, {});
      whole_ = true;
      return;
    }
    const std::uint32_t index = named.value_or(static_cast<std::uint32_t>(seen_.size()));
    if (!seen_.insert(index).second)
      report.refuse(fmt::format("stage {} was read from another file", index),
                    "keep one report a stage in a folder, each named stage_N_lifecycle_metrics.json");
    run_.stages.push_back(report.stage(index));
    report.add_to(run_, index);
  }

  // The whole run, where no summary told it.
  void add_requests_of(const MeasuredFile& file) {
    if (whole_ || !seen_.empty()) return note(run_, file.path + ": not needed beside the reports of stages");
    add_requests(run_, read_rows(file, problems_));
    whole_ = true;
  }

 private:
  Measurements& run_;
  Problems& problems_;
  std::set<std::uint32_t> seen_;
  bool whole_ = false;
};

}  // namespace

Measurements read_inference_perf(const MeasuredFiles& files, Problems& problems) {
  Measurements run;
  FolderReader reader(run, problems);
  for (const MeasuredFile& file : files)
    if (file.document.root->is_map()) reader.add_report(file);
  for (const MeasuredFile& file : files)
    if (file.document.root->is_sequence()) reader.add_requests_of(file);
  std::sort(run.stages.begin(), run.stages.end(),
            [](const MeasuredStage& a, const MeasuredStage& b) { return a.index < b.index; });
  return run;
}

}  // namespace kvsim::validation
