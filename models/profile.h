// SPDX-License-Identifier: Apache-2.0
// The coefficients of the step-time model with their sources: shares of the catalog's peaks that real kernels
// attain, and overheads. One YAML holds one profile. A *measured* profile was fitted to an engine serving a
// model; a *prior* comes from kernel speeds alone, covers every model, and fills in what a measured profile
// leaves out. docs/step-time.md gives the meaning of every coefficient.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "hardware-catalog/catalog.h"
#include "models/memory.h"

namespace kvsim::models {

struct Coefficient {
  double value = 0;
  double low = 0;  // range of uncertainty; equal to `value` where none is known
  double high = 0;
  std::string source;
  std::string date;  // ISO or year, of the source
};

// What a profile was fitted on; outside it an answer is an extrapolation and is flagged.
struct FittedRange {
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  bool contains(double value) const { return value >= low && value <= high; }
};

struct FittedRanges {
  FittedRange step_tokens;
  FittedRange decode_sequences;
  FittedRange context_tokens;  // mean over the decoding sequences
};

using CoefficientMap = std::map<std::string, Coefficient, std::less<>>;

// How far off a fitted profile was: of figures that it was fitted to, or of some that were held out.
struct FitError {
  std::string metric;    // as in docs/case.md: "output_tokens_per_second", "step_seconds", ...
  std::string held_out;  // what was left out: "upper-rates", "runs", ...; empty: nothing, figures of the fit
  std::size_t figures = 0;
  double median_error = 0;           // signed, relative: (model - measured) / measured
  double median_absolute_error = 0;  // relative
};

struct PerformanceProfile {
  std::string name;
  bool prior = false;
  // Names of accelerators; a prior may also say "AMD/*" (a vendor) or "*" (any).
  std::vector<std::string> accelerators;
  std::string measured_on;  // what was measured; the other accelerators of the list borrow its figures
  std::string engine_from;  // first and last engine version, both inclusive; empty: any
  std::string engine_to;
  std::string model = "any";                    // name of a model card, or "any"
  std::optional<std::uint32_t> tp;              // nothing: any
  std::optional<Types> types;                   // nothing: any
  CoefficientMap coefficients;                  // by the names of coefficient_table(), with their suffixes
  std::optional<std::uint64_t> num_gpu_blocks;  // as the engine logged it, null block included
  FittedRanges fitted;
  std::vector<FitError> errors;
  // Sets of coefficients that the data allows as well as the fitted ones (a bootstrap), each a whole draw:
  // what is pinned down only together stays together. Empty: coefficients are uncertain each on its own.
  std::vector<std::map<std::string, double, std::less<>>> draws;
};

// A share is in (0, 1], a count 1 or more, the others 0 or more.
enum class CoefficientUnit { kShare, kSeconds, kTokens, kBytes, kCount };
enum class CoefficientSuffix { kNone, kType, kRanks };  // "name", "name.bf16", "name.tp8"

struct CoefficientRow {
  std::string_view name;
  CoefficientUnit unit;
  CoefficientSuffix suffix;
  std::string_view meaning;
};
const std::vector<CoefficientRow>& coefficient_table();
const CoefficientRow* find_coefficient(std::string_view name_with_suffix);  // nullptr: not a valid name

// InputError with file, line and the numbers where a coefficient is unknown or beyond the physical limit (a
// share over 1 or not positive, negative seconds), out of order (low <= value <= high) or without a source.
// Draws obey the same limits, name coefficients that the profile has, and are at most 1000.
// With a catalog, a speed over the peak is told beside the peak.
PerformanceProfile read_profile(const Document& document, const Catalog* catalog = nullptr);
// The same limits for a profile made in memory, such as the outcome of a fit.
void check_profile(const PerformanceProfile& profile, const Accelerator* accelerator = nullptr);
std::string profile_to_yaml(const PerformanceProfile& profile);  // what read_profile reads back

// -1, 0 or 1: "0.9.2" before "0.10.0"; a leading v and what follows '-' or '+' do not count.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace kvsim::models
