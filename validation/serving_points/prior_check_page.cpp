// SPDX-License-Identifier: Apache-2.0
#include "validation/serving_points/prior_check_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "validation/tables.h"

namespace kvsim::validation {
namespace {

constexpr std::size_t kShownDetails = 4;

std::vector<std::string> spread_cells(const ErrorSpread& errors) {
  return {std::to_string(errors.points), percent(errors.bias), percent(errors.low), percent(errors.high)};
}

void append(std::vector<std::string>& row, const std::vector<std::string>& cells) {
  row.insert(row.end(), cells.begin(), cells.end());
}

Rows accelerator_rows(const PriorCheck& check) {
  Rows rows{{"accelerator", "points", "bias", "p10", "p90"}};
  for (const PointGroup& group : by_accelerator(check.points)) {
    rows.push_back({group.accelerator});
    append(rows.back(), spread_cells(group.errors));
  }
  return rows;
}

Rows engine_rows(const PriorCheck& check) {
  Rows rows{{"accelerator", "load", "engine", "year", "points", "bias", "p10", "p90", "quality"}};
  for (const PointGroup& group : by_engine(check.points)) {
    rows.push_back({group.accelerator, group.load, group.engine, group.year});
    append(rows.back(), spread_cells(group.errors));
    rows.back().push_back(join({group.qualities.begin(), group.qualities.end()}, ", "));
  }
  return rows;
}

// The most frequent ones, and how many kinds more.
std::string details_in_words(const std::map<std::string, std::size_t>& details) {
  std::vector<std::pair<std::string, std::size_t>> sorted(details.begin(), details.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> words;
  for (std::size_t i = 0; i < std::min(kShownDetails, sorted.size()); ++i)
    words.push_back(fmt::format("{} ({})", shortened(sorted[i].first), sorted[i].second));
  if (sorted.size() > kShownDetails) words.push_back(fmt::format("{} more", sorted.size() - kShownDetails));
  return join(words, ", ");
}

Rows unusable_rows(const PriorCheck& check) {
  Rows rows{{"why not", "rows", "what"}};
  for (const auto& [reason, details] : check.unusable) {
    std::size_t count = 0;
    for (const auto& [detail, of_detail] : details) count += of_detail;
    rows.push_back({reason, std::to_string(count), details_in_words(details)});
  }
  return rows;
}

Rows source_rows(const PriorCheck& check) {
  Rows rows{{"source", "date", "rows", "used"}};
  for (const PointSource& source : check.sources)
    rows.push_back({source.name, source.date, std::to_string(source.rows), std::to_string(source.used)});
  return rows;
}

std::string count_line(const PriorCheck& check) {
  return fmt::format("{} of {} rows are points that kvsim can stand for.", check.points.size(), check.rows);
}

std::string unchecked_line(const PriorCheck& check) {
  return "Accelerators without such a point, unchecked: " +
         (check.unchecked.empty() ? "none" : join(check.unchecked, ", ")) + ".";
}

constexpr const char* kIntroduction = R"(# How far off the priors are

Step times of the priors alone ([step-time.md](step-time.md)) beside published points of throughput and latency;
nothing here was fitted to them. `kvsim catalog check-priors serving_points.csv --page docs/priors.md` writes
this page.

Error is (simulated - measured) / measured of a *time*: below 0, kvsim is faster than what was measured. Bias is the
median, p10 and p90 are percentiles over the points. What is compared:

| load | measured | simulated |
|---|---|---|
| static batch | time of the whole batch | steps of whole prompts, up to 8192 tokens each; then a step for each token |
| first token | time to the first token of the batch | the steps of the prompts |
| steady | mean TPOT | a step of as many decodes as Little's law finds in the measured tokens/s and TPOT, and its share of the prompts that follow |
| offline | 1 / output tokens per second | a steady step of as many sequences as memory holds, at most 1024 a replica |

No queue, no frontend, no router. "TP assumed": the source does not tell the tensor-parallel size, and kvsim takes the
one that makes it fastest, up to 8. KV has 16 bits but for models named FP8-KV: engines tuned for throughput often store 8,
which doubles the sequences that fit. CPU planning counts for vLLM unless its command line says `--async-scheduling`; other
engines are taken to hide it. Models of the same shape stand for each other (Llama 3 for 3.1, Qwen2 for Qwen2.5).

Old engines are slow engines: a point of 2024 is not the chip's limit, and the error then tells of the software. Look at
the newest engine of an accelerator. `quality` is the source's: `vendor` figures are tuned, `derived` ones were computed
from others.
)";

}  // namespace

std::string prior_check_tables(const PriorCheck& check) {
  return "Error of step times, (simulated - measured) / measured\n\n" +
         format_table(accelerator_rows(check)) + "\n" + format_table(engine_rows(check)) + "\n" +
         count_line(check) + "\n" + format_table(unusable_rows(check)) + "\n" + unchecked_line(check) + "\n";
}

std::string prior_check_page(const PriorCheck& check) {
  return std::string(kIntroduction) + "\n## By accelerator\n\n" + markdown(accelerator_rows(check)) + "\n" +
         unchecked_line(check) + "\n\n## By engine and year\n\n" + markdown(engine_rows(check)) +
         "\n## What was left out\n\n" + count_line(check) + "\n\n" + markdown(unusable_rows(check)) +
         "\n## Sources\n\n" + markdown(source_rows(check));
}

}  // namespace kvsim::validation
