// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/hourly_profiles.h"

#include <algorithm>

#include "base/data_places.h"

namespace kvsim::traces {

namespace {

constexpr NumberRange kWeights{0, 1e6};

std::vector<double> read_weights(Fields& fields, std::string_view key) {
  std::vector<double> weights = fields.numbers(key, kWeights);
  const bool whole = weights.size() == 24 || weights.size() == 168;
  if (whole && std::any_of(weights.begin(), weights.end(), [](double w) { return w > 0; })) return weights;
  fields.problem(key, whole ? "every weight is 0" : "found " + std::to_string(weights.size()) + " weights",
                 "give 24 weights (a day) or 168 (a week from Monday 00:00), not all 0");
  return std::vector<double>(24, 1);
}

std::vector<HourlyProfile> load() {
  Problems problems;
  const Document document = load_yaml(data_directory() + "/traces/population/hourly_profiles.yaml");
  Fields root(document, problems);
  std::vector<HourlyProfile> profiles;
  for (auto& [name, fields] : root.named_maps("profiles")) {
    profiles.push_back({name, fields.text("source"), read_weights(fields, "weights")});
    fields.finish();
  }
  root.finish();
  problems.throw_if_any();
  return profiles;
}

}  // namespace

const std::vector<HourlyProfile>& hourly_profiles() {
  static const std::vector<HourlyProfile> profiles = load();
  return profiles;
}

std::vector<double> read_profile(Fields& parent, std::string_view key, const std::string& fallback) {
  const Node* node = parent.raw(key);
  if (node != nullptr && node->is_sequence()) return read_weights(parent, key);
  std::vector<std::string> names;
  for (const HourlyProfile& profile : hourly_profiles()) names.push_back(profile.name);
  const std::string name = parent.choice(key, names, fallback);
  for (const HourlyProfile& profile : hourly_profiles()) {
    if (profile.name == name) return profile.weights;
  }
  return hourly_profiles().front().weights;
}

}  // namespace kvsim::traces
