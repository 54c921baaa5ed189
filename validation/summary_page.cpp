// SPDX-License-Identifier: Apache-2.0
#include "validation/summary_page.h"

#include <fmt/format.h>

#include "base/text.h"
#include "validation/baselines/baseline.h"
#include "validation/summary_tables.h"

namespace kvsim::validation {
namespace {

std::string metric_section(const Summary& summary) {
  if (summary.metrics.empty()) return "";
  return "\n## By vendor and metric\n\n"
         "Noise is one sigma of repeating the measurement, as the cases give it (median); an error within it "
         "says nothing. Spread\nover seeds is (most - least) / mean of the simulation (median). A stage is "
         "saturated where answers left at under 80 % of the\noffered rate ([metrics.md](metrics.md)).\n\n" +
         markdown(metric_rows(summary));
}

std::string baseline_section(const Summary& summary) {
  if (summary.baselines.empty()) return "";
  std::string text =
      "\n## Naive baselines\n\nMedian sizes of errors, over the figures of which both say something.\n\n";
  for (const Baseline& baseline : baselines())
    text += fmt::format("- {}: {}.\n", baseline.name, baseline.about);
  text += "\n" + markdown(baseline_rows(summary)) + "\n";
  for (const std::string& sentence : baseline_sentences(summary)) text += "- " + sentence + "\n";
  return text;
}

std::string slo_section(const std::vector<CaseResult>& results, const Summary& summary) {
  if (summary.slo_rates.empty()) return "";
  return "\n## Maximum rate at the SLO\n\n"
         "By linear interpolation between the first stage that misses the bound and the one before it, "
         "measured and "
         "simulated alike. A\npositive error promises more than was measured. Where a ladder does not cross "
         "the bound, only a bound of the error is known.\n\n" +
         markdown(slo_rows(results)) + "\n" + markdown(slo_summary_rows(summary));
}

std::string pair_section(const std::vector<CaseResult>& results) {
  const std::vector<ComparedPair> pairs = compare_pairs(results);
  const std::vector<std::string> missing = without_partner(results);
  std::string text = pairs.empty() && missing.empty() ? "" : "\n## Gains of one case over another\n";
  for (const std::string& sentence : missing) text += "\n" + sentence + "\n";
  for (const ComparedPair& pair : pairs)
    text += "\n" + pair_sentence(pair) + "\n\n" + markdown(pair_rows(pair));
  return text;
}

}  // namespace

std::string summary_sections(const std::vector<CaseResult>& results) {
  const Summary summary = summarise(results);
  return metric_section(summary) + baseline_section(summary) + slo_section(results, summary) +
         pair_section(results);
}

std::string summary_tables(const std::vector<CaseResult>& results) {
  const Summary summary = summarise(results);
  std::string text;
  if (!summary.metrics.empty()) text += format_table(metric_rows(summary));
  if (!summary.baselines.empty()) text += "\n" + format_table(baseline_rows(summary));
  for (const std::string& sentence : baseline_sentences(summary)) text += sentence + "\n";
  if (!summary.slo_rates.empty()) text += "\n" + format_table(slo_summary_rows(summary));
  for (const ComparedPair& pair : compare_pairs(results)) text += "\n" + pair_sentence(pair);
  for (const std::string& sentence : without_partner(results)) text += "\n" + sentence;
  return text;
}

}  // namespace kvsim::validation
