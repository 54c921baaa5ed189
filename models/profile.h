// SPDX-License-Identifier: Apache-2.0
// The coefficients of the step-time model with their sources: shares of the catalog's peaks that real kernels
// attain, and overheads in seconds. One YAML holds one profile. A *measured* profile was fitted to an engine
// on a model; a *prior* comes from kernel speeds alone, covers every model, and fills in what a measured
// profile leaves out. docs/step-time.md gives the meaning of every coefficient.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "models/memory.h"

namespace kvsim::models {

struct Coefficient {
  double value = 0;
  double low = 0;  // uncertainty; equal to `value` where none is known
  double high = 0;
  std::string source;
  std::string date;  // ISO, of the source
};

// A range of what a profile was fitted on; outside it an answer is an extrapolation and is flagged.
struct FittedRange {
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  bool contains(double value) const { return value >= low && value <= high; }
};

struct PerformanceProfile {
  std::string name;
  std::string file;  // where it was read from; empty: made in memory
  bool prior = false;
  std::vector<std::string> accelerators;  // names or aliases; a prior may say "AMD/*" or "*" instead
  std::string engine_from;                // first and last engine version, both inclusive; empty: any
  std::string engine_to;
  std::string model = "any";                                     // model card name or "any"
  std::optional<std::uint32_t> tp;                               // nothing: any
  std::optional<Types> types;                                    // nothing: any
  std::map<std::string, Coefficient, std::less<>> coefficients;  // by the names of coefficient_table()
  std::optional<std::uint64_t> num_gpu_blocks;  // as the engine logged it, null block included
  FittedRange step_tokens;                      // tokens of a step
  FittedRange decode_sequences;
  FittedRange context_tokens;  // per decoding sequence

  const Coefficient* find(std::string_view coefficient) const;  // nullptr: not in this profile
};

enum class CoefficientKind { kShare, kSeconds, kTokens, kBytes };  // share: in (0, 1]; the others: >= 0

struct CoefficientRow {
  std::string_view name;
  CoefficientKind kind;
  std::string_view meaning;
};
const std::vector<CoefficientRow>& coefficient_table();

// Throws InputError with file, line and the numbers where a coefficient is beyond the physical limit (a share
// over 1 or not positive, negative seconds), unknown, unordered (low <= value <= high) or without a source.
PerformanceProfile read_profile(const Document& document);
// The same limits for a profile made in memory, such as the outcome of a fit.
void check_profile(const PerformanceProfile& profile);
std::string profile_to_yaml(const PerformanceProfile& profile);  // what read_profile reads back

struct ProfileQuery {
  std::string_view accelerator;
  std::string_view vendor;
  std::string_view engine_version;
  std::string_view model;
  std::uint32_t tp = 1;
  Types types;
};

class ProfileLibrary {
 public:
  // Every *.yaml under `folder`/priors and `folder`/profiles; `overlays` are files or folders of profiles,
  // which come before the shipped ones and replace those of the same name. All problems at once (InputError).
  static ProfileLibrary load(const std::string& folder, const std::vector<std::string>& overlays = {});
  static ProfileLibrary load_default(
      const std::vector<std::string>& overlays = {});  // under data_directory()

  const std::vector<PerformanceProfile>& profiles() const { return profiles_; }  // by name
  const PerformanceProfile* find(std::string_view name) const;
  std::vector<std::string> names() const;
  // The measured profile that fits the query most closely (model, then tp, then types, then version given),
  // or nullptr.
  const PerformanceProfile* choose(const ProfileQuery& query) const;
  // Priors from the most to the least specific: the accelerator's own, its vendor's, everyone's.
  std::vector<const PerformanceProfile*> priors(const ProfileQuery& query) const;

 private:
  std::vector<PerformanceProfile> profiles_;
};

// -1, 0, 1: "0.9.2" before "0.10.0"; a leading v and anything after '-' or '+' are passed over.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace kvsim::models
