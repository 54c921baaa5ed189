// SPDX-License-Identifier: Apache-2.0
// What fleets are put together from: costs and limits are linear in how much there is of each part.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

template <class T>
struct Parts {
  std::vector<T> server;                  // by option: that work there
  std::vector<std::vector<T>> installed;  // [site][of its `installed`]: of them, there already
  std::vector<std::vector<T>> storage;    // [storage option][size]
  std::vector<T> site;                    // by site: where anything stands at all
};
using Quantities = Parts<double>;

template <class T>
Parts<T> shaped_parts(const Problem& problem, const std::vector<PoolOption>& pools) {
  Parts<T> parts;
  parts.server.resize(pools.size());
  for (const PlannedSite& site : problem.sites) parts.installed.emplace_back(site.installed.size());
  for (const StorageOption& storage : problem.storage) parts.storage.emplace_back(storage.sizes.size());
  parts.site.resize(problem.sites.size());
  return parts;
}

// Calls visit(a, b) with what two of the same shape hold of each part.
template <class A, class B, class Visit>
void for_each_part(A& a, B& b, const Visit& visit) {
  for (std::size_t i = 0; i < a.server.size(); ++i) visit(a.server[i], b.server[i]);
  for (std::size_t i = 0; i < a.installed.size(); ++i) {
    for (std::size_t e = 0; e < a.installed[i].size(); ++e) visit(a.installed[i][e], b.installed[i][e]);
  }
  for (std::size_t i = 0; i < a.storage.size(); ++i) {
    for (std::size_t s = 0; s < a.storage[i].size(); ++s) visit(a.storage[i][s], b.storage[i][s]);
  }
  for (std::size_t i = 0; i < a.site.size(); ++i) visit(a.site[i], b.site[i]);
}

template <class B, class A, class Map>
Parts<B> mapped_parts(const Parts<A>& parts, const Map& map) {
  const auto row = [&](const std::vector<A>& values) {
    std::vector<B> mapped;
    for (const A& value : values) mapped.push_back(map(value));
    return mapped;
  };
  Parts<B> mapped{row(parts.server), {}, {}, row(parts.site)};
  for (const auto& values : parts.installed) mapped.installed.push_back(row(values));
  for (const auto& values : parts.storage) mapped.storage.push_back(row(values));
  return mapped;
}

double dot(const Quantities& weights, const Quantities& quantities);

// Of installed servers those that remain longest are used first: no other use of them costs less.
Quantities quantities_of(const Problem& problem, const std::vector<PoolOption>& pools,
                         const FleetChoice& choice);

std::size_t server_index(const Problem& problem, const std::string& name);  // of a server that there is

// IT watts of one server's nameplate.
double nameplate_watts(const ServerOption& server);

}  // namespace kvsim::planner
