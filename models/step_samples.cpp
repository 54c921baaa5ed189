// SPDX-License-Identifier: Apache-2.0
#include "models/step_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/files.h"
#include "base/text.h"
#include "traces/readers/csv_line.h"

namespace kvsim::models {
namespace {

constexpr std::uint64_t kFileLimitBytes = 64ull << 20;
constexpr double kLargestCount = 1e9;     // of tokens or sequences in a step
constexpr double kLargestContext = 1e12;  // of a step
constexpr double kLongestStepSeconds = 1e4;
constexpr double kRounding = 1e-3;  // of a context that is printed with six digits

struct Range {
  double low = 0, high = 0;
  const char* what = "";
  bool whole = false;
  bool low_open = false;
};
constexpr Range kCount{0, kLargestCount, "a whole number from 0 to 1e9", true};
constexpr Range kContext{0, kLargestContext, "a number from 0 to 1e12"};
constexpr Range kPairs{0, 1e18, "a number from 0 to 1e18"};
constexpr Range kSeconds{0, kLongestStepSeconds, "seconds above 0, up to 1e4", false, true};
constexpr Range kSpread{0, 1e3, "a number from 0 to 1000"};

class RowReader {
 public:
  RowReader(const traces::CsvHeader& header, Location where, Problems& problems)
      : header_(header), where_(std::move(where)), problems_(problems) {}

  bool split(std::string_view line) {
    auto cells = traces::split_csv(line);
    if (cells && cells->size() == header_.size()) {
      cells_ = std::move(*cells);
      return true;
    }
    wrong("", cells ? fmt::format("{} cells", cells->size()) : "a quote that is not closed",
          fmt::format("give {} cells, as the header has", header_.size()));
    return false;
  }

  StepSample read() {
    StepSample sample;
    sample.where = where_;
    read_work(sample.work);
    sample.seconds = required("step_seconds", kSeconds);
    sample.spread = maybe("spread", kSpread).value_or(0);
    read_words(sample);
    return sample;
  }

 private:
  void wrong(const std::string& column, const std::string& found, const std::string& remedy) {
    problems_.add(where_, column, "found " + found, remedy);
  }

  std::string_view cell(std::string_view column) const {
    const auto at = header_.find(column);
    return at ? std::string_view(cells_[*at]) : std::string_view();
  }

  // Nothing where the cell is empty or wrong; what is wrong is told.
  std::optional<double> maybe(const std::string& column, const Range& range) {
    const std::string_view text = cell(column);
    if (text.empty()) return {};
    const auto value = parse_double(text);
    const bool good = value && (range.low_open ? *value > range.low : *value >= range.low) &&
                      *value <= range.high && (!range.whole || std::floor(*value) == *value);
    if (good) return value;
    wrong(column, "\"" + shortened(text) + "\"", std::string("give ") + range.what);
    return {};
  }

  double required(const std::string& column, const Range& range) {
    if (cell(column).empty()) wrong(column, "an empty cell", std::string("give ") + range.what);
    return maybe(column, range).value_or(range.low);
  }

  void read_work(StepWork& work) {
    const double prefill = required("n_prefill", kCount);
    const double decodes = required("n_decode", kCount);
    const double context = required("sum_context", kContext);
    const double chunk = maybe("chunk", kCount).value_or(0);
    const double tokens_each = chunk > 0 ? std::min(chunk, prefill) : prefill;
    const double prompts = prefill > 0 ? std::ceil(prefill / tokens_each) : 0;
    if (prefill + decodes <= 0) wrong("n_prefill", "a step without tokens", "give n_prefill or n_decode");
    work.prefill_tokens = static_cast<std::uint64_t>(prefill);
    work.decode_sequences = static_cast<std::uint64_t>(decodes);
    work.prefill_sequences = static_cast<std::uint64_t>(prompts);
    work.sampled_sequences = work.sequences();
    const double past = share_context(work, context);
    const auto pairs = maybe("attention_pairs", kPairs);
    work.prefill_context_tokens = prompts * past + prefill;
    work.prefill_attention_pairs = pairs && *pairs > 0 ? *pairs : prefill * (past + (tokens_each + 1) / 2);
    if (prefill <= 0) work.prefill_attention_pairs = 0;
    const double of_chunk = prefill > 0 ? past + tokens_each : 0;
    const double of_decode = decodes > 0 ? work.decode_context_tokens / decodes : 0;
    work.longest_context_tokens = std::max(of_chunk, of_decode);  // the file tells only means
  }

  // Sets the decodes' context; returns what each prompt had cached.
  double share_context(StepWork& work, double all) {
    const double prefill = static_cast<double>(work.prefill_tokens);
    const double prompts = static_cast<double>(work.prefill_sequences);
    const double decodes = static_cast<double>(work.decode_sequences);
    const auto each = maybe("decode_context", kContext);
    const auto cached = maybe("past", kContext);
    const double left = all - prefill;
    double past = prompts > 0 ? cached.value_or(0) : 0;
    const double in_decodes = each && decodes > 0 ? decodes * *each : 0;
    if (prompts > 0 && !cached && (each || decodes <= 0)) past = (left - in_decodes) / prompts;
    work.decode_context_tokens = each && decodes > 0 ? in_decodes : decodes > 0 ? left - prompts * past : 0;
    const double told = work.decode_context_tokens + prompts * past;
    const bool sound = work.decode_context_tokens >= decodes && past >= 0 &&
                       std::abs(told - left) <= kRounding * std::max(all, 1.0);
    if (sound) return past;
    wrong("sum_context",
          fmt::format("{} for {} prompt tokens, {} decodes and their context", all, prefill, decodes),
          "give the sum of decode_context over the decodes, and of past and n_prefill; a decode attends to 1 "
          "or more");
    return 0;
  }

  void read_words(StepSample& sample) {
    const std::string_view type = cell("type");
    sample.type = parse_number_type(type);
    if (!type.empty() && !sample.type)
      wrong("type", "\"" + shortened(type) + "\"", valid_names_remedy(type, number_type_names()));
    const std::string launch = lower(cell("launch"));
    if (launch == "graph") sample.launch = StepLaunch::kGraph;
    if (launch == "eager") sample.launch = StepLaunch::kEager;
    if (!launch.empty() && sample.launch == StepLaunch::kEngine && launch != "engine")
      wrong("launch", "\"" + shortened(launch) + "\"",
            valid_names_remedy(launch, {"graph", "eager", "engine"}));
  }

  const traces::CsvHeader& header_;
  Location where_;
  Problems& problems_;
  std::vector<std::string> cells_;
};

void check_header(const traces::CsvHeader& header, const Location& where, Problems& problems) {
  for (const char* column : {"n_prefill", "n_decode", "sum_context", "step_seconds"})
    if (!header.find(column))
      problems.add(where, column, "no such column",
                   "name the columns n_prefill, n_decode, sum_context, step_seconds");
  for (const std::string& column : header.doubled())
    problems.add(where, column, "the column stands twice", "keep one");
}

}  // namespace

std::vector<StepSample> load_step_samples(const std::string& path) {
  return parse_step_samples(read_file(path, kFileLimitBytes), path);
}

std::vector<StepSample> parse_step_samples(std::string_view text, const std::string& file_name) {
  Problems problems;
  std::optional<traces::CsvHeader> header;
  std::vector<StepSample> samples;
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty() || line.starts_with('#')) continue;
    if (!header) {
      header = traces::CsvHeader(traces::split_csv(line).value_or(std::vector<std::string>{}));
      check_header(*header, {file_name, number}, problems);
      problems.throw_if_any();
      continue;
    }
    RowReader row(*header, {file_name, number}, problems);
    if (row.split(line)) samples.push_back(row.read());
  }
  if (samples.empty() && problems.empty())
    problems.add({file_name, number}, "", "no rows", "give a header and one row for each measured step");
  problems.throw_if_any();
  return samples;
}

}  // namespace kvsim::models
