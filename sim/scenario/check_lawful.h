// SPDX-License-Identifier: Apache-2.0
// What residency and isolation refuse about a fleet before anything runs.
#pragma once

#include <vector>

#include "base/fields.h"
#include "sim/scenario/fleet.h"

namespace kvsim::sim {

// Problems at `default_residency` and `tenants` of a fleet's root: labels that nothing in the fleet declares,
// models that no pool serves, a tenant without a lawful pool for a model that it may ask for (its `models`,
// else those of the pools that its isolation leaves it), or with a pool of its own that it may not use. Each
// tells every reason by pool.
void check_lawful(Fields& root, const Fleet& fleet);

// What a reader of results must know of it.
void note_residency(const Fleet& fleet, std::vector<Validity>& validity);

}  // namespace kvsim::sim
