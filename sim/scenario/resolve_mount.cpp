// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/resolve_mount.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "hardware-catalog/named.h"
#include "sim/fabric/fabric.h"
#include "sim/scenario/host_copies.h"
#include "sim/scenario/resolve_network.h"
#include "sim/scenario/resolve_tiers.h"

namespace kvsim::sim {
namespace {

// Defaults of a mount by stack. Source: llm-d's file-system backend; vLLM's fs tier of TieringOffloadingSpec.
constexpr std::uint32_t kBackendThreads = 64, kTieringThreads = 32;
constexpr double kBackendReadPreferring = 0.75, kTieringReadPreferring = 0.5;
constexpr double kBackendQueueLimitSeconds = 30;
constexpr std::uint64_t kBackendStagingBytes = 150'000'000'000;

class MountResolver {
 public:
  MountResolver(const PoolSpec& spec, FleetContext& context, Pool& pool)
      : spec_(spec), given_(spec.kv.storage), context_(context), pool_(pool), tiered_(pool.tiers.host) {}

  void resolve() {
    if (!find_system()) return;
    if (const char* obstacle = storage_obstacle())
      problem(given_.system.place, "", obstacle, "build with SimGrid, or leave kv.storage out");
    const StorageSystemSettings& system = context_.storage[mount_.system];
    fill_rates(system);
    fill_threads();
    if (static_cast<double>(system.capacity_bytes) < pool_.tiers.block_bytes)
      problem(given_.system.place, "",
              fmt::format("storage {} is smaller than one block of {} tokens ({:.0f} bytes)", system.name,
                          pool_.tiers.block_tokens, pool_.tiers.block_bytes),
              "give it more capacity");
    if (!system.local) reach(system);
    pool_.tiers.storage = mount_;
  }

 private:
  void problem(const Place& place, const std::string& key, std::string message, std::string remedy) {
    context_.problem(place, spec_, key, std::move(message), std::move(remedy));
  }
  void note(const std::string& what, const std::string& reason) { context_.note(pool_, what, reason); }

  bool find_system() {
    if (!given_.system.given()) {
      problem({}, "kv.storage.system", "a storage tier without its system",
              "add `kv.storage.system` with a name under `storage`");
      return false;
    }
    const std::vector<std::string> names = names_of(context_.storage);
    const auto found = std::find(names.begin(), names.end(), *given_.system);
    mount_.system = static_cast<std::uint32_t>(found - names.begin());
    if (found != names.end()) return true;
    if (!context_.storage_follows)
      problem(given_.system.place, "", fmt::format("unknown storage system '{}'", *given_.system),
              names.empty() ? "declare it under `storage`" : valid_names_remedy(*given_.system, names));
    return false;
  }

  void fill_rates(const StorageSystemSettings& system) {
    const StorageKind& kind = context_.inputs.catalog.storage_kinds().find(system.kind)->second;
    double& copy = pool_.tier_choices.thread_copy_bytes_per_second;
    copy = static_cast<double>(given_.thread_bytes_per_second.value_or(0));
    if (copy <= 0) copy = defaulted("thread_bytes_per_second", kind, kind.thread_bytes_per_second);
    mount_.thread_bytes_per_second = rate_in_turn(copy, system.encryption_bytes_per_second);
    mount_.lookup_seconds =
        given_.lookup.given() ? *given_.lookup : defaulted("lookup", kind, kind.lookup_seconds);
    mount_.queue_limit_seconds =
        given_.queue_limit.value_or(tiered_ ? kNoQueueLimitSeconds : kBackendQueueLimitSeconds);
  }

  double defaulted(const std::string& key, const StorageKind& kind, const Figure& figure) {
    if (figure.unverified)
      note("kv.storage." + key,
           fmt::format("{} is the unverified default of {}: {}", figure.value, kind.name, figure.source));
    return figure.value;
  }

  void fill_threads() {
    mount_.threads =
        static_cast<std::uint32_t>(given_.threads.value_or(tiered_ ? kTieringThreads : kBackendThreads));
    mount_.read_preferring =
        given_.read_preferring.value_or(tiered_ ? kTieringReadPreferring : kBackendReadPreferring);
    mount_.job_is_one_task = given_.job_is_one_task.value_or(false);
    if (mount_.job_is_one_task && !tiered_)
      problem(given_.job_is_one_task.place, "", "only storage under a host tier has jobs of several files",
              "leave the key out, or add `kv.host`");
    if (!tiered_) return fit_staging();
    if (given_.staging.given())
      problem(given_.staging.place, "", "under a host tier, the host tier is the buffer",
              "leave the key out");
  }

  // Each thread holds one file of its rank.
  void fit_staging() {
    const std::uint64_t staging = given_.staging.value_or(kBackendStagingBytes);
    pool_.tier_choices.staging_bytes = staging;
    const double file_bytes = pool_.tiers.block_bytes / pool_.tp;
    const double room = std::floor(static_cast<double>(staging) / file_bytes);
    if (room < 1)
      return problem(given_.staging.place, "kv.storage.staging",
                     fmt::format("{} bytes hold no file of {:.0f} bytes", staging, file_bytes),
                     "give more, or make the blocks smaller");
    if (room >= mount_.threads) return;
    note("kv.storage.threads",
         fmt::format("{} files of {:.0f} bytes fit the staging memory, so {} of {} threads run", room,
                     file_bytes, room, mount_.threads));
    mount_.threads = static_cast<std::uint32_t>(room);
  }

  void reach(const StorageSystemSettings& system) {
    need_network(context_, pool_);
    if (system.site == pool_.site) return;
    const auto joins = [&](const SiteLink& link) {
      return (link.from == system.site && link.to == pool_.site) ||
             (link.from == pool_.site && link.to == system.site);
    };
    const std::vector<SiteLink>& links = context_.network.site_links;
    if (std::any_of(links.begin(), links.end(), joins)) return;
    problem(given_.system.place, "",
            fmt::format("storage {} is at site {}, the pool at {}, and no link joins them", system.name,
                        system.site, pool_.site),
            fmt::format("add `network: {{site_links: [{{from: {}, to: {}, bytes_per_second: ...}}]}}`",
                        pool_.site, system.site));
  }

  const PoolSpec& spec_;
  const KvStorageSpec& given_;
  FleetContext& context_;
  Pool& pool_;
  bool tiered_;
  StorageMountSettings mount_;
};

}  // namespace

const char* storage_obstacle() {
  return has_simgrid() ? nullptr : "storage and its network are simulated by SimGrid, which this build lacks";
}

void resolve_mount(const PoolSpec& spec, FleetContext& context, Pool& pool) {
  MountResolver(spec, context, pool).resolve();
}

}  // namespace kvsim::sim
