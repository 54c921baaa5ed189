// SPDX-License-Identifier: Apache-2.0
// How much of everything a fleet is made of: what costs and limits are linear in.
#pragma once

#include <vector>

#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

struct Quantities {
  std::vector<double> servers;                 // by option: that work there
  std::vector<std::vector<double>> bought;     // [site][server]: of them, bought or rented
  std::vector<std::vector<double>> installed;  // [site][of its `installed`]: of them, there already
  std::vector<std::vector<double>> storage;    // [storage option][size]
  std::vector<double> sites;                   // 1: something stands there
};

Quantities no_quantities(const Problem& problem, const std::vector<PoolOption>& pools);

// Of installed servers those that remain longest are used first: no other use of them costs less.
Quantities quantities_of(const Problem& problem, const std::vector<PoolOption>& pools,
                         const FleetChoice& choice);

// `count` servers of an entry of the site's `installed` stand in for as many bought ones.
void use_installed(const Problem& problem, std::size_t site, std::size_t entry, double count,
                   Quantities& quantities);

std::size_t server_index(const Problem& problem, const std::string& name);  // of a server that there is

// IT watts of one server's nameplate.
double nameplate_watts(const ServerOption& server);

}  // namespace kvsim::planner
