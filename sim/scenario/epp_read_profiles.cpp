// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_read_profiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "hardware-catalog/named.h"
#include "sim/scenario/pool_spec.h"
#include "sim/scenario/unique_name.h"

namespace kvsim::sim {
namespace {

constexpr double kLargestWeight = 1e6;
constexpr const char* kDefaultPicker = "max-score-picker";

const std::vector<PluginKind>& kinds_of_a_profile() {
  static const std::vector<PluginKind> kinds{PluginKind::kFilter, PluginKind::kScorer, PluginKind::kPicker};
  return kinds;
}

bool is_of_a_profile(const PluginType& type) {
  const auto& kinds = kinds_of_a_profile();
  return std::any_of(kinds.begin(), kinds.end(), [&](PluginKind kind) { return type.is(kind); });
}

class ProfileReader {
 public:
  ProfileReader(Fields& entry, EppDraft& draft) : entry_(entry), draft_(draft) {}

  ProfileSettings read(const std::vector<ProfileSettings>& before) {
    ProfileSettings profile;
    profile.name = unique_name(entry_, before);
    for (Fields& use : entry_.maps("plugins")) read_use(use, profile);
    draft_.note_unknown(entry_);
    return profile;
  }

 private:
  void read_use(Fields& use, ProfileSettings& profile) {
    const std::string name = use.text("pluginRef");
    const double weight = use.number("weight", {0, kLargestWeight}, 1.0);
    draft_.note_unknown(use);
    const Place place{use.location(), inner_path(use.path(), "pluginRef")};
    if (name.empty()) return;
    const auto plugin = draft_.refer(name, kinds_of_a_profile(), place, false);
    if (!plugin) return;
    const PluginType& type = *draft_.at(*plugin).type;
    if (use.has("weight") && !type.is(PluginKind::kScorer))
      draft_.note({use.location("weight"), inner_path(use.path(), "weight")},
                  fmt::format("'{}' gives no scores, so its weight means nothing", shortened(name)));
    if (type.is(PluginKind::kPicker) && has_picker_)
      draft_.problem(place, "a second picker", "keep one in each profile");
    has_picker_ |= type.is(PluginKind::kPicker);
    profile.uses.push_back({*plugin, type.is(PluginKind::kScorer) ? weight : 1});
  }

  Fields& entry_;
  EppDraft& draft_;
  bool has_picker_ = false;
};

// Detectors filter only where a profile asks for it.
ProfileSettings profile_of_everything(EppDraft& draft) {
  ProfileSettings profile{"default", {}};
  bool has_picker = false;
  for (EppDraft::Index i = 0; i < draft.entries().size(); ++i) {
    EppDraft::Entry& entry = draft.entries()[i];
    const bool is_picker = entry.type->is(PluginKind::kPicker);
    if (!is_of_a_profile(*entry.type) || entry.type->is(PluginKind::kDetector) || (is_picker && has_picker))
      continue;
    has_picker |= is_picker;
    entry.is_used = true;
    profile.uses.push_back({i, 1});
  }
  return profile;
}

void complete(ProfileSettings& profile, EppDraft& draft) {
  const bool has_picker = std::any_of(
      profile.uses.begin(), profile.uses.end(),
      [&](const ProfileSettings::Use& use) { return draft.at(use.plugin).type->is(PluginKind::kPicker); });
  if (!has_picker) profile.uses.push_back({draft.first_or_added(kDefaultPicker), 1});
}

// What the profile handler runs.
class HandlerCheck {
 public:
  HandlerCheck(EppDraft::Index handler, const std::vector<ProfileSettings>& profiles, EppDraft& draft)
      : handler_(handler), names_(names_of(profiles)), draft_(draft) {}

  void check() {
    const std::string& type = draft_.at(handler_).type->name;
    if (type == "disagg-profile-handler") {
      check_disaggregation();
    } else if (type == "header-profile-handler") {
      check_default();
    } else if (names_.size() > 1) {
      draft_.problem(draft_.at(handler_).place,
                     fmt::format("a {} beside {} scheduling profiles", type, names_.size()),
                     "keep one profile, or use a disagg-profile-handler or header-profile-handler");
    }
  }

 private:
  void check_disaggregation() {
    const EppDraft::Entry& entry = draft_.at(handler_);
    const Parameters& parameters = entry.settings.parameters;
    require("profiles.decode");
    if (!knows(parameters.text("profiles.prefill"))) {
      if (!parameters.text("deciders.prefill").empty()) require("profiles.prefill");
    } else if (parameters.text("deciders.prefill").empty()) {
      choose_decider();
    }
  }

  // The old handler disaggregates every request, today's none, unless a decider says so.
  void choose_decider() {
    const EppDraft::Entry& entry = draft_.at(handler_);
    const Place place = entry.place;
    if (entry.given_type == entry.type->name)
      return draft_.note(place, "no decider is declared, so no prefill is handed over");
    const EppDraft::Index decider = draft_.first_or_added("always-disagg-pd-decider");
    draft_.entries()[handler_].settings.parameters.texts["deciders.prefill"] =
        draft_.at(decider).settings.name;
    draft_.note(place, "no decider is declared, so every prefill is handed over");
  }

  void check_default() {
    std::string& name = draft_.entries()[handler_].settings.parameters.texts["defaultProfile"];
    if (name.empty() && !names_.empty()) name = knows("default") ? "default" : names_.front();
    require("defaultProfile");
  }

  bool knows(const std::string& name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }
  void require(const std::string& key) {
    const EppDraft::Entry& entry = draft_.at(handler_);
    const std::string& name = entry.settings.parameters.text(key);
    if (knows(name)) return;
    draft_.problem({entry.place.where, inner_path(entry.place.path, "parameters." + key)},
                   fmt::format("no scheduling profile is named '{}'", shortened(name)),
                   valid_names_remedy(name, names_));
  }

  EppDraft::Index handler_;
  std::vector<std::string> names_;
  EppDraft& draft_;
};

}  // namespace

std::vector<ProfileSettings> read_epp_profiles(Fields& root, EppDraft& draft) {
  std::vector<ProfileSettings> profiles;
  for (Fields& entry : root.maps("schedulingProfiles"))
    profiles.push_back(ProfileReader(entry, draft).read(profiles));
  if (profiles.empty()) profiles.push_back(profile_of_everything(draft));
  for (ProfileSettings& profile : profiles) complete(profile, draft);
  return profiles;
}

std::string resolve_profile_handler(const std::vector<ProfileSettings>& profiles, Fields& root,
                                    EppDraft& draft) {
  std::optional<EppDraft::Index> handler;
  for (EppDraft::Index i = 0; i < draft.entries().size(); ++i) {
    if (!draft.at(i).type->is(PluginKind::kProfileHandler)) continue;
    if (handler) draft.problem(draft.at(i).place, "a second profile handler", "keep one");
    handler = handler.value_or(i);
  }
  if (!handler && profiles.size() > 1) {
    root.problem("schedulingProfiles", fmt::format("{} profiles and no profile handler", profiles.size()),
                 "declare a disagg-profile-handler or header-profile-handler under `plugins`");
  }
  if (!handler) handler = draft.add(*find_plugin_type("single-profile-handler"));
  HandlerCheck(*handler, profiles, draft).check();
  draft.entries()[*handler].is_used = true;
  return draft.at(*handler).settings.name;
}

}  // namespace kvsim::sim
