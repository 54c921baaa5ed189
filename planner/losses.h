// SPDX-License-Identifier: Apache-2.0
// What may be lost while the degraded goals must hold, and the fleet that has lost it.
#pragma once

#include <string>
#include <vector>

#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

struct Loss {
  std::string in_words;  // "a node of paris-hgx", "site lyon"
  std::string pool;      // of which so many servers are lost; empty: the whole site
  std::uint32_t servers = 0;
  std::string site;
};

// One for each option in use and each kind of `spare` that the constraints ask for; a rack holds as many
// servers as its units and its power allow; site losses one for each site in use. The same, as a rule of the
// integer program, is in planner/fleet_program.h.
std::vector<Loss> losses_of(const Problem& problem, const std::vector<PoolOption>& options,
                            const FleetChoice& choice);

// When it is lost, of a workload of this span: after a quarter of it.
double loss_seconds(double span_seconds);
// The fleet loses it then and does not get it back.
Document with_loss(const Document& fleet, const Loss& loss, double span_seconds);

}  // namespace kvsim::planner
