// SPDX-License-Identifier: Apache-2.0
#include "models/profile_library.h"

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "base/data_places.h"
#include "base/errors.h"
#include "base/text.h"
#include "hardware-catalog/data_files.h"
#include "hardware-catalog/named.h"

namespace kvsim::models {
namespace {

namespace fs = std::filesystem;

bool same_name(std::string_view a, std::string_view b) { return lower(a) == lower(b); }

bool same_types(const Types& a, const Types& b) {
  return std::tie(a.weights, a.expert_weights, a.embeddings, a.matmul, a.attention, a.kv) ==
         std::tie(b.weights, b.expert_weights, b.embeddings, b.matmul, b.attention, b.kv);
}

// 3: names the accelerator; 2: its vendor; 1: anything; 0: something else.
int closeness(const PerformanceProfile& profile, const ProfileQuery& query) {
  int best = 0;
  for (const std::string& name : profile.accelerators) {
    if (same_name(name, query.accelerator)) best = 3;
    if (same_name(name, std::string(query.vendor) + "/*")) best = std::max(best, 2);
    if (name == "*") best = std::max(best, 1);
  }
  return best;
}

bool version_fits(const PerformanceProfile& profile, std::string_view version) {
  if (version.empty()) return true;
  const bool old = !profile.engine_from.empty() && compare_versions(version, profile.engine_from) < 0;
  return !old && (profile.engine_to.empty() || compare_versions(version, profile.engine_to) <= 0);
}

auto specificity(const PerformanceProfile& profile) {
  const bool version = !profile.engine_from.empty() || !profile.engine_to.empty();
  return std::make_tuple(profile.model != "any", profile.tp.has_value(), profile.types.has_value(), version);
}

using Layers = NamedLayers<PerformanceProfile>;

void read_layer(const std::string& place, int layer, const Catalog* catalog, Layers& profiles,
                Problems& problems) {
  std::vector<DataDocument> found = load_data(place, problems);
  const bool is_other_file = fs::is_regular_file(place) && !found.empty();
  std::erase_if(found, [](const DataDocument& data) { return data.kind != DataKind::kProfile; });
  if (found.empty() && is_other_file)
    problems.add({place}, "", "found no profile", "name a profile or a folder of profiles");
  for (const DataDocument& data : found) {
    try {
      profiles.add(read_profile(data.document, catalog), data.where(), layer, problems);
    } catch (const InputError& error) {
      problems.take_over(error);
    }
  }
}

}  // namespace

bool profile_fits(const PerformanceProfile& profile, const ProfileQuery& query) {
  const bool model = profile.model == "any" || same_name(profile.model, query.model);
  const bool tp = !profile.tp || *profile.tp == query.tp;
  const bool types = !profile.types || same_types(*profile.types, query.types);
  return closeness(profile, query) > 0 && model && tp && types && version_fits(profile, query.engine_version);
}

ProfileLibrary::ProfileLibrary(std::vector<PerformanceProfile> profiles) : profiles_(std::move(profiles)) {
  std::sort(profiles_.begin(), profiles_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

ProfileLibrary ProfileLibrary::load(const std::string& folder, const std::vector<std::string>& overlays,
                                    const Catalog* catalog) {
  Problems problems;
  Layers profiles;
  for (const char* shipped : {"/priors", "/profiles"})
    if (fs::exists(folder + shipped)) read_layer(folder + shipped, 0, catalog, profiles, problems);
  for (std::size_t i = 0; i < overlays.size(); ++i)
    read_layer(overlays[i], static_cast<int>(i) + 1, catalog, profiles, problems);
  ProfileLibrary library(profiles.take(problems));
  problems.throw_if_any();
  return library;
}

ProfileLibrary ProfileLibrary::load_default(const std::vector<std::string>& overlays,
                                            const Catalog* catalog) {
  return load(data_directory() + "/models", overlays, catalog);
}

const PerformanceProfile* ProfileLibrary::find(std::string_view name) const {
  const auto found = std::find_if(profiles_.begin(), profiles_.end(),
                                  [&](const auto& profile) { return same_name(profile.name, name); });
  return found == profiles_.end() ? nullptr : &*found;
}

std::vector<std::string> ProfileLibrary::names() const {
  std::vector<std::string> names;
  for (const PerformanceProfile& profile : profiles_) names.push_back(profile.name);
  return names;
}

const PerformanceProfile* ProfileLibrary::choose(const ProfileQuery& query) const {
  const PerformanceProfile* best = nullptr;
  for (const PerformanceProfile& profile : profiles_) {
    if (profile.prior || !profile_fits(profile, query)) continue;
    if (best == nullptr || specificity(*best) < specificity(profile)) best = &profile;
  }
  return best;
}

std::vector<const PerformanceProfile*> ProfileLibrary::priors(const ProfileQuery& query) const {
  std::vector<const PerformanceProfile*> found;
  for (const PerformanceProfile& profile : profiles_) {
    if (profile.prior && profile_fits(profile, query)) found.push_back(&profile);
  }
  std::stable_sort(found.begin(), found.end(),
                   [&](const auto* a, const auto* b) { return closeness(*a, query) > closeness(*b, query); });
  return found;
}

}  // namespace kvsim::models
