// SPDX-License-Identifier: Apache-2.0
// What changed between two results: runs paired by seed, each figure's difference with a confidence interval
// over the pairs. docs/compare.md explains. The same summaries give the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "sim/metrics/paired.h"
#include "sim/report/compare_metrics.h"
#include "sim/report/compare_runs.h"

namespace kvsim::sim {

enum class Finding {
  kBetter,  // b than a, significantly, as the next two
  kWorse,
  kDifferent,  // where neither way is good
  kNotSignificant,
  kEqual,     // in every pair
  kUntested,  // one pair that differs
  kUnknown    // no pair in which both sides know it
};

struct ComparedFigure {
  std::string kind;  // "pool", "slo"; empty: the whole run
  std::string name;  // of the pool, of the SLO's class
  ComparedMetric metric;
  PairedDifference paired;         // of the pairs in which both sides know it
  std::optional<double> adjusted;  // its chance by Holm, among all figures that were tested
  Finding finding = Finding::kUnknown;
};

struct CompareSideFacts {
  std::string name;
  std::string fleet;
  std::string trace;
  std::size_t runs = 0;
};

struct Comparison {
  CompareSideFacts a, b;
  std::vector<std::uint64_t> seeds;     // of the pairs
  std::size_t tested = 0;               // figures that differ in some pair, of two pairs or more
  std::vector<std::string> notes;       // what to know before believing it
  std::vector<ComparedFigure> figures;  // that a side knows
};

// `by`: "pool", "model", "tenant", "class". InputError where no seed is on both sides.
Comparison compare(const ComparedSide& a, const ComparedSide& b, const std::vector<std::string>& by);

bool differs(const ComparedFigure& figure);  // significantly, or in the only pair
std::optional<double> relative(const ComparedFigure& figure,
                               double difference);  // to a; nothing where a is 0
const char* to_string(Finding finding);             // as in JSON

void add_comparison(JsonWriter& json, const Comparison& comparison);  // one object
void write_compare_html(std::ostream& out, const Comparison& comparison);
std::string compare_table(const Comparison& comparison, bool all);  // for people; else only what differs

}  // namespace kvsim::sim
