// SPDX-License-Identifier: Apache-2.0
// Which servers may stand where, before anything is known of how they are used.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hardware-catalog/catalog.h"
#include "planner/problem.h"

namespace kvsim::planner {

// Why a server cannot be used at all, or nothing. Prices are told when the problem is read.
std::optional<Rejected> against_server(const Problem& problem, std::size_t server, const Catalog& catalog);
// Why it cannot stand at a site, or nothing.
std::optional<Rejected> against_site(const Problem& problem, std::size_t server, std::size_t site);

// Servers of one kind that stock, power, cooling and rack units of a site leave room for, with `why` (the key
// of the site or server that bounds them).
struct Room {
  std::uint32_t servers = 0;
  std::string path;
};
Room room_for(const Problem& problem, std::size_t server, std::size_t site);

}  // namespace kvsim::planner
