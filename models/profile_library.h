// SPDX-License-Identifier: Apache-2.0
// The profiles at hand, and which of them answer for a pool.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/profile.h"

namespace kvsim::models {

struct ProfileQuery {
  std::string_view accelerator;
  std::string_view vendor;
  std::string_view engine_version;  // empty: not known
  std::string_view model;
  std::uint32_t tp = 1;
  Types types;
};

bool profile_fits(const PerformanceProfile& profile, const ProfileQuery& query);

class ProfileLibrary {
 public:
  ProfileLibrary() = default;
  explicit ProfileLibrary(std::vector<PerformanceProfile> profiles);

  // Every profile under `folder`/priors and `folder`/profiles; those of overlays
  // (hardware-catalog/data_files.h) add to these or replace those of the same name. All problems at once
  // (InputError). With a catalog, a speed over an accelerator's peak is told beside the peak.
  static ProfileLibrary load(const std::string& folder, const std::vector<std::string>& overlays = {},
                             const Catalog* catalog = nullptr);
  static ProfileLibrary load_default(
      const std::vector<std::string>& overlays = {},  // data_directory()/models
      const Catalog* catalog = nullptr);

  const std::vector<PerformanceProfile>& profiles() const { return profiles_; }  // by name
  const PerformanceProfile* find(std::string_view name) const;
  std::vector<std::string> names() const;

  // The measured profile that fits the query, the most specific first (model, then tp, types, version), or
  // nullptr.
  const PerformanceProfile* choose(const ProfileQuery& query) const;
  // From the most to the least specific: the accelerator's own priors, its vendor's, everyone's.
  std::vector<const PerformanceProfile*> priors(const ProfileQuery& query) const;

 private:
  std::vector<PerformanceProfile> profiles_;
};

}  // namespace kvsim::models
