// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/resolve_network.h"

#include <fmt/format.h>

namespace kvsim::sim {
namespace {

// Of a server whose network is not stated.
constexpr std::uint32_t kUsualNics = 2;
constexpr double kUsualNicBytesPerSecond = 25e9;

}  // namespace

void need_network(FleetContext& context, Pool& pool) {
  if (pool.nic_bytes_per_second > 0) return;
  const Server unknown;
  const Server* named = context.server(pool.server);
  const Server& server = named == nullptr ? unknown : *named;
  const bool has_rate = server.nic_bytes_per_second > 0;
  const std::uint32_t nics = server.nics > 0 ? server.nics : has_rate ? 1 : kUsualNics;
  const double each = has_rate ? server.nic_bytes_per_second : kUsualNicBytesPerSecond;
  pool.nic_bytes_per_second = nics * each;
  if (has_rate && server.nics > 0) return;
  context.note(pool, "network",
               fmt::format("nics and nic_bytes_per_second of the server are not both stated; {} x {} bytes/s "
                           "are taken",
                           nics, each));
}

}  // namespace kvsim::sim
