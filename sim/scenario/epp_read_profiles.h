// SPDX-License-Identifier: Apache-2.0
// The list `schedulingProfiles` of an EndpointPickerConfig, and which profile runs when.
#pragma once

#include <string>
#include <vector>

#include "base/fields.h"
#include "sim/scenario/epp_draft.h"

namespace kvsim::sim {

// Without profiles there is one, `default`, of all filters, scorers and the picker that the file declares. A
// profile without a picker gets a max-score-picker.
std::vector<ProfileSettings> read_epp_profiles(Fields& root, EppDraft& draft);

// Name of the profile handler: the one that the file declares, else a single-profile-handler. The profiles
// that it runs must exist.
std::string resolve_profile_handler(const std::vector<ProfileSettings>& profiles, Fields& root,
                                    EppDraft& draft);

}  // namespace kvsim::sim
