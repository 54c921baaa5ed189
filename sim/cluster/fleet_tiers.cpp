// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/fleet_tiers.h"

#include <algorithm>
#include <utility>

#include "base/errors.h"

namespace kvsim::sim {

namespace {

LinkInfo::Kind kind_of(LinkKind kind) {
  switch (kind) {
    case LinkKind::kNic:
      return LinkInfo::Kind::kNic;
    case LinkKind::kLeaf:
      return LinkInfo::Kind::kLeaf;
    case LinkKind::kSite:
      return LinkInfo::Kind::kSite;
    case LinkKind::kPeer:
      return LinkInfo::Kind::kPeer;
    case LinkKind::kStorage:
      break;
  }
  return LinkInfo::Kind::kStorage;
}

TopologyInput network_of(const Fleet& fleet) {
  TopologyInput topology;
  for (const SiteLink& link : fleet.network.site_links)
    topology.site_links.push_back({link.from, link.to, link.bytes_per_second});
  if (fleet.network.leaf) {
    topology.servers_per_leaf = fleet.network.leaf->servers_per_leaf;
    topology.oversubscription = fleet.network.leaf->oversubscription;
  }
  for (const StorageSystemSettings& system : fleet.storage)
    topology.storage.push_back({system.name, system.site, system.local, system.read_bytes_per_second,
                                system.write_bytes_per_second});
  return topology;
}

// Between accelerators of one server: what joins them, else the bus to the host.
double local_rate(const Pool& pool) {
  const double joined = pool.accelerator.interconnect_bytes_per_second.value;
  return pool.tp * (joined > 0 ? joined : pool.accelerator.host_link_bytes_per_second.value);
}

}  // namespace

FleetTiers::FleetTiers(const Fleet& fleet, const Directory& directory)
    : fleet_(fleet), directory_(directory) {
  if (std::none_of(fleet.pools.begin(), fleet.pools.end(),
                   [](const Pool& pool) { return pool.tiers.any() || pool.role != PoolRole::kBoth; }))
    return;
  if (directory.replicas() > JobIds::replica_of(~JobId{0}))
    throw Error(ExitCode::kBadInput, "a fleet with tiers or roles may have at most 16,777,215 replicas");
  TopologyInput topology = network_of(fleet);
  add_servers(topology);
  std::vector<ReplicaTransfers> replicas;
  for (std::uint32_t i = 0; i < directory.replicas(); ++i)
    replicas.push_back({server_of_replica_[i], directory.pool_of(i).tiers, local_rate(directory.pool_of(i))});
  add_storage(topology);
  add_peers(topology);
  transfers_ = std::make_unique<Transfers>(topology, fleet.storage, std::move(replicas));
}

void FleetTiers::add_servers(TopologyInput& topology) {
  for (const Pool& pool : fleet_.pools) {
    std::vector<std::uint32_t> mounted;
    if (pool.tiers.storage) mounted.push_back(pool.tiers.storage->system);
    for (std::uint32_t i = 0; i < pool.replicas; ++i) {
      const std::uint32_t in_pool = i / pool.replicas_per_server;
      if (i % pool.replicas_per_server == 0)
        topology.servers.push_back({pool.name + " server " + std::to_string(in_pool), pool.site,
                                    pool.nic_bytes_per_second, mounted});
      server_of_replica_.push_back(static_cast<std::uint32_t>(topology.servers.size() - 1));
    }
  }
}

void FleetTiers::add_storage(TopologyInput& topology) {
  for (const StorageSystemSettings& system : fleet_.storage) {
    const std::size_t parts = system.local ? topology.servers.size() : 1;
    auto& tiers = storage_.emplace_back();
    for (std::size_t i = 0; i < parts; ++i) tiers.push_back(std::make_unique<StorageTier>(system));
    const bool looks = system.eviction.by == StorageEviction::By::kEvictor && system.eviction.every > 0;
    next_look_.push_back(looks ? system.eviction.every : kNever);
  }
}

void FleetTiers::add_peers(TopologyInput& topology) {
  for (std::uint32_t i = 0; i < directory_.replicas(); ++i) {
    const Pool& pool = directory_.pool_of(i);
    const double rate = takes_part(i) ? pool.tp * fleet_.router.disaggregation.rank_bytes_per_second : 0;
    topology.peers.push_back(
        {server_of_replica_[i], rate, gives_kv(pool), takes_kv(pool), directory_.model_of(i)});
  }
}

std::optional<PullContext> FleetTiers::pulls(std::uint32_t replica) {
  const Pool& pool = directory_.pool_of(replica);
  if (!any() || !takes_kv(pool) || !takes_part(replica)) return {};
  const DisaggregationSettings& settings = fleet_.router.disaggregation;
  return PullContext{replica,
                     pool.kv_bytes_per_block / pool.engine.block_size_tokens,
                     settings.handshake_seconds,
                     settings.start_seconds,
                     transfers_.get(),
                     &ids_};
}

StorageTier* FleetTiers::storage_of(std::uint32_t replica) {
  const std::optional<StorageMountSettings>& mount = directory_.pool_of(replica).tiers.storage;
  if (!mount) return nullptr;
  auto& tiers = storage_[mount->system];
  return tiers[fleet_.storage[mount->system].local ? server_of_replica_[replica] : 0].get();
}

std::optional<OffloadContext> FleetTiers::context(std::uint32_t replica) {
  const KvTierSettings& settings = directory_.pool_of(replica).tiers;
  if (!settings.any()) return {};
  return OffloadContext{replica, settings, transfers_.get(), storage_of(replica), &ids_};
}

void FleetTiers::charge_deletions(Nanoseconds now) {
  for (std::size_t system = 0; system < storage_.size(); ++system) {
    if (fleet_.storage[system].local) continue;
    const std::uint64_t files = storage_[system].front()->take_deleted_files(now);
    if (files > 0) transfers_->remove(static_cast<std::uint32_t>(system), 0, files, now);
  }
}

// --- upkeep ---

Nanoseconds FleetTiers::next_upkeep() const {
  Nanoseconds next = kNever;
  for (const Nanoseconds look : next_look_) next = std::min(next, look);
  if (any() && erasures_done_ < fleet_.erasures.size())
    next = std::min(next, fleet_.erasures[erasures_done_].at);
  return next;
}

void FleetTiers::upkeep(Nanoseconds now, const std::vector<std::string>& tenants,
                        std::vector<std::unique_ptr<Replica>>& replicas) {
  for (std::size_t system = 0; system < storage_.size(); ++system) {
    if (next_look_[system] > now) continue;
    for (const auto& tier : storage_[system]) tier->look(now);
    next_look_[system] += fleet_.storage[system].eviction.every;
  }
  while (erasures_done_ < fleet_.erasures.size() && fleet_.erasures[erasures_done_].at <= now)
    erase(fleet_.erasures[erasures_done_++], now, tenants, replicas);
  charge_deletions(now);
}

void FleetTiers::set_storage_up(std::uint32_t system, bool up) {
  if (!any()) return;
  for (const auto& tier : storage_[system]) tier->set_up(up);
}

void FleetTiers::erase(const Erasure& erasure, Nanoseconds now, const std::vector<std::string>& tenants,
                       std::vector<std::unique_ptr<Replica>>& replicas) {
  const auto named = std::find(tenants.begin(), tenants.end(), erasure.tenant);
  const bool by_tenant = !erasure.tenant.empty();
  if (by_tenant && named == tenants.end()) return;  // it has sent nothing yet
  const auto tenant = static_cast<std::uint32_t>(named - tenants.begin());
  const auto from = [&](auto& keeper) {
    by_tenant ? keeper.erase_tenant(tenant, now) : keeper.erase_session(erasure.session, now);
  };
  for (auto& tiers : storage_)
    for (const auto& tier : tiers) from(*tier);
  for (const auto& replica : replicas) from(*replica);
}

// --- observers ---

std::vector<LinkInfo> FleetTiers::links() const {
  std::vector<LinkInfo> links;
  for (const TopologyLink& link : transfers_->links())
    links.push_back({kind_of(link.kind), link.name, link.bytes_per_second});
  for (const Pool& pool : fleet_.pools) {
    if (!pool.tiers.host) continue;
    const double ranks = static_cast<double>(pool.replicas) * pool.tiers.ranks;
    links.push_back(
        {LinkInfo::Kind::kCopy, pool.name + " GPU to host", ranks * pool.tiers.to_host.bytes_per_second});
    links.push_back(
        {LinkInfo::Kind::kCopy, pool.name + " host to GPU", ranks * pool.tiers.to_gpu.bytes_per_second});
  }
  return links;
}

TierSample FleetTiers::sample(Nanoseconds now, Nanoseconds width,
                              const std::vector<ReplicaSnapshot>& snapshots,
                              std::vector<std::unique_ptr<Replica>>& replicas) {
  TierSample sample{now, width, {}, {}, {}};
  for (std::size_t system = 0; system < storage_.size(); ++system) {
    sample.storage.push_back(snapshot_of(system, now));
    for (const auto& tier : storage_[system])
      for (const BlockStore::Oldest& oldest : tier->store().oldest(now))
        add_oldest(sample, fleet_.storage[system].name, oldest.tenant, now - oldest.written);
  }
  for (const auto& replica : replicas)
    if (BlockStore* host = replica->host_tier())
      for (const BlockStore::Oldest& oldest : host->oldest(now))
        add_oldest(sample, "host", oldest.tenant, now - oldest.written);
  transfers_->carried(now, sample.carried_bytes);
  std::vector<double> to_host(fleet_.pools.size()), to_gpu(fleet_.pools.size());
  for (std::uint32_t i = 0; i < snapshots.size(); ++i) {
    to_host[directory_.pool_index(i)] += snapshots[i].tiers.to_host_bytes;
    to_gpu[directory_.pool_index(i)] += snapshots[i].tiers.to_gpu_bytes;
  }
  for (std::size_t pool = 0; pool < fleet_.pools.size(); ++pool) {
    if (!fleet_.pools[pool].tiers.host) continue;
    sample.carried_bytes.push_back(to_host[pool]);
    sample.carried_bytes.push_back(to_gpu[pool]);
  }
  return sample;
}

StorageSnapshot FleetTiers::snapshot_of(std::size_t system, Nanoseconds now) {
  StorageSnapshot state;
  for (const auto& tier : storage_[system]) {
    BlockStore& store = tier->store();
    store.expire(now);
    state.used_bytes += store.used_bytes();
    state.capacity_bytes += store.capacity_bytes();
    state.blocks += store.blocks();
    state.files += tier->files();
    state.written_blocks += store.counters().written;
    state.evicted_blocks += store.counters().evicted;
    state.expired_blocks += store.counters().expired;
    state.erased_blocks += store.counters().erased;
    state.refused_blocks += tier->refused_blocks();
  }
  const StorageTraffic& traffic = transfers_->traffic(static_cast<std::uint32_t>(system));
  state.written_bytes = traffic.written_bytes;
  state.read_bytes = traffic.read_bytes;
  state.operations = traffic.operations;
  return state;
}

void FleetTiers::add_oldest(TierSample& sample, const std::string& tier, std::uint32_t tenant,
                            Nanoseconds age) const {
  const auto found = std::find_if(sample.oldest.begin(), sample.oldest.end(), [&](const OldestKv& known) {
    return known.tier == tier && known.tenant == tenant;
  });
  if (found == sample.oldest.end())
    sample.oldest.push_back({tier, tenant, age});
  else
    found->age = std::max(found->age, age);
}

}  // namespace kvsim::sim
