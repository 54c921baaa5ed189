// SPDX-License-Identifier: Apache-2.0
// The parts of a fleet YAML beside its pools. Each reads its own keys of the root and reports problems there.
#pragma once

#include <vector>

#include "base/fields.h"
#include "sim/scenario/resolve_pool.h"

namespace kvsim::sim {

std::vector<Site> read_sites(Fields& root,
                             std::vector<Validity>& validity);  // never empty: "local" without any
std::vector<Server> read_servers(Fields& root, const Catalog& catalog);
void read_models(Fields& root, FleetContext& context);  // into context.models
std::vector<SloClass> read_slo_classes(Fields& root);
// What a tenant may not have is told later, when pools are known: sim/scenario/check_lawful.h.
std::vector<Tenant> read_tenants(Fields& root, const std::vector<SloClass>& classes,
                                 const ResidencyPolicy& default_residency);

}  // namespace kvsim::sim
