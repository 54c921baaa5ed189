// SPDX-License-Identifier: Apache-2.0
// `outages` and `recovery` of a fleet YAML: read, and written back.
#pragma once

#include <string>
#include <vector>

#include "base/fields.h"
#include "sim/scenario/fleet.h"

namespace kvsim::sim {

// `fleet` has its sites, storage and pools.
std::vector<OutageSpec> read_outages(Fields& root, const Fleet& fleet);
RecoverySettings read_recovery(Fields& root);
// What results that depend on them must say.
void note_outages(const Fleet& fleet, std::vector<Validity>& validity);

std::string outages_yaml(const Fleet& fleet);  // empty without any

std::uint32_t servers_of(const Pool& pool);

}  // namespace kvsim::sim
