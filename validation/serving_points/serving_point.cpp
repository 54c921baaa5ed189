// SPDX-License-Identifier: Apache-2.0
#include "validation/serving_points/serving_point.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/files.h"
#include "base/text.h"
#include "validation/measurements/csv_table.h"

namespace kvsim::validation {
namespace {

constexpr std::uint64_t kFileLimitBytes = 64ull << 20;
constexpr double kLargestCount = 1e6;   // of accelerators, ranks, requests of a batch
constexpr double kLargestLength = 1e7;  // tokens

constexpr std::array<const char*, 9> kTexts{"source",   "accelerator", "model",   "dtype", "engine",
                                            "scenario", "date",        "quality", "notes"};
constexpr std::array<const char*, 10> kNumbers{
    "n_accel",     "tp",          "isl",         "osl",        "batch",
    "concurrency", "ttft_mean_s", "tpot_mean_s", "e2e_mean_s", "out_tok_s_total"};

class PointReader {
 public:
  PointReader(std::string_view text, const std::string& file) : file_(file), table_(text, file, problems_) {}

  std::vector<ServingPoint> read() {
    if (!has_columns()) problems_.throw_if_any();
    std::vector<ServingPoint> points;
    for (const CsvTable::Row& row : table_.rows()) points.push_back(point(row));
    if (points.empty()) problems_.add({file_}, "", "no rows", "give a header and one row for each point");
    problems_.throw_if_any();
    return points;
  }

 private:
  bool has_columns() {
    bool has_all = true;
    const auto check = [&](const char* column) {
      if (table_.has(column)) return;
      has_all = false;
      problems_.add({file_, 1}, column, "no such column", "name it in the first line; cells may be empty");
    };
    for (const char* column : kTexts) check(column);
    for (const char* column : kNumbers) check(column);
    return has_all;
  }

  ServingPoint point(const CsvTable::Row& row) {
    ServingPoint point;
    point.line = row.line;
    point.source = required(row, "source");
    point.accelerator = required(row, "accelerator");
    point.model = required(row, "model");
    point.scenario = required(row, "scenario");
    point.date = required(row, "date");
    point.dtype = table_.text(row, "dtype");
    point.engine = table_.text(row, "engine");
    point.quality = table_.text(row, "quality");
    point.notes = table_.text(row, "notes");
    point.accelerators = count(row, "n_accel");
    point.tp = count(row, "tp");
    point.batch = count(row, "batch");
    point.concurrency = count(row, "concurrency");
    point.input_tokens = at_most(row, "isl", kLargestLength);
    point.output_tokens = at_most(row, "osl", kLargestLength);
    point.ttft_seconds = table_.number(row, "ttft_mean_s");
    point.tpot_seconds = table_.number(row, "tpot_mean_s");
    point.e2e_seconds = table_.number(row, "e2e_mean_s");
    point.output_tokens_per_second = table_.number(row, "out_tok_s_total");
    return point;
  }

  std::string required(const CsvTable::Row& row, const char* column) {
    std::string cell = table_.text(row, column);
    if (cell.empty()) problems_.add({file_, row.line}, column, "found an empty cell", "fill it in");
    return cell;
  }

  std::optional<double> at_most(const CsvTable::Row& row, const char* column, double largest) {
    const std::optional<double> value = table_.number(row, column);
    if (value && *value > largest)
      problems_.add({file_, row.line}, column, fmt::format("found {}", *value),
                    fmt::format("give at most {}", largest));
    return value;
  }

  std::optional<double> count(const CsvTable::Row& row, const char* column) {
    const std::optional<double> value = at_most(row, column, kLargestCount);
    if (value && std::floor(*value) != *value)
      problems_.add({file_, row.line}, column, fmt::format("found {}", *value), "give a whole number");
    return value;
  }

  Problems problems_;
  std::string file_;
  CsvTable table_;
};

constexpr const char* kNotStated = "not stated";

struct Family {
  const char* part;  // of the engine's name; libraries alone say nothing
  const char* name;
};
constexpr std::array<Family, 16> kFamilies{{{"vllm-ascend", "vLLM-Ascend"},
                                            {"vllm", "vLLM"},
                                            {"tensorrt", "TensorRT-LLM"},
                                            {"trtllm", "TensorRT-LLM"},
                                            {"sglang", "SGLang"},
                                            {"mindie", "MindIE"},
                                            {"deepspeed", "DeepSpeed"},
                                            {"optimum-habana", "Optimum-Habana"},
                                            {"tgis", "TGIS"},
                                            {"llm-d", "vLLM"},
                                            {"llmboost", "LLMBoost"},
                                            {"n/a", kNotStated},
                                            {"todo", kNotStated},
                                            {"pytorch", kNotStated},
                                            {"cuda", kNotStated},
                                            {"rocm", kNotStated}}};

}  // namespace

std::vector<ServingPoint> parse_serving_points(std::string_view text, const std::string& file) {
  return PointReader(text, file).read();
}

std::vector<ServingPoint> load_serving_points(const std::string& path) {
  return parse_serving_points(read_file(path, kFileLimitBytes), path);
}

std::string engine_family(const std::string& engine) {
  const std::string wanted = lower(engine);
  for (const Family& family : kFamilies)
    if (wanted.find(family.part) != std::string::npos) return family.name;
  return engine.empty() ? kNotStated : shortened(engine);
}

std::string year_of(const std::string& date) {
  constexpr std::size_t kYear = 4;
  const bool is_span = date.size() == 2 * kYear + 1;
  return is_span ? date : date.substr(0, kYear);
}

}  // namespace kvsim::validation
