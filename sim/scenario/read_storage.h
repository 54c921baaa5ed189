// SPDX-License-Identifier: Apache-2.0
// `storage`, `network` and `erasures` of a fleet YAML: read, and written back.
#pragma once

#include <string>
#include <vector>

#include "base/fields.h"
#include "hardware-catalog/catalog.h"
#include "sim/scenario/fleet.h"

namespace kvsim::sim {

// What a system leaves out is its kind's, and noted where that is unverified.
std::vector<StorageSystemSettings> read_storage(Fields& root, const Catalog& catalog,
                                                const std::vector<Site>& sites,
                                                std::vector<Validity>& validity);
Network read_network(Fields& root, const std::vector<Site>& sites);
std::vector<Erasure> read_erasures(Fields& root, const std::vector<Tenant>& tenants);  // by time

// The three keys with all they hold; empty for a fleet that has none of them.
std::string storage_yaml(const Fleet& fleet);

}  // namespace kvsim::sim
