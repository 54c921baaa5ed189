// SPDX-License-Identifier: Apache-2.0
// What a fleet of a problem can be made of, and which of it may serve whom.
#pragma once

#include <set>
#include <string>

#include "planner/options.h"
#include "planner/problem.h"
#include "sim/scenario/load_fleet.h"
#include "traces/sampled_source.h"

namespace kvsim::planner {

// What the requests of the workload are called.
using DemandNames = std::set<traces::RequestKind>;

// Options stand by model, site, server, engine, storage, tp and tenant, each in the problem's order; demand
// by name. InputError where the workload and the problem do not fit: a model or class that the problem does
// not have, an unnamed one where it has several, a tenant with pools of its own that sends nothing, a tenant
// that asks for some of several models and does not say so.
Options list_options(const Problem& problem, const sim::FleetInputs& inputs, const DemandNames& names);

}  // namespace kvsim::planner
