// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/resolve_tiers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "base/text.h"
#include "hardware-catalog/named.h"
#include "models/memory.h"
#include "models/profile.h"
#include "sim/kv/eviction_policies.h"
#include "sim/scenario/host_copies.h"
#include "sim/scenario/resolve_mount.h"

namespace kvsim::sim {
namespace {

constexpr std::uint32_t kStorageBlockTokens = 256;  // of llm-d's file-system backend and vLLM's fs tier

constexpr auto kLargestCapacityBytes = static_cast<double>(kMostBytes);

bool is_from(const Pool& pool, std::string_view version) {
  return models::compare_versions(pool.engine.version, version) >= 0;
}

template <class Visit>
bool gives_any(const Visit& visit) {
  bool any = false;
  visit([&](std::string_view, const auto& setting, const auto&) { any = any || setting.given(); });
  return any;
}

class TierResolver {
 public:
  TierResolver(const PoolSpec& spec, FleetContext& context, Pool& pool)
      : spec_(spec), kv_(spec.kv), context_(context), pool_(pool), tiers_(pool.tiers) {
    has_host_ = gives_any([&](auto visit) { visit_kv_host(kv_.host, visit); });
    has_storage_ = gives_any([&](auto visit) { visit_kv_storage(kv_.storage, visit); });
  }

  void resolve() {
    if (!gives_any([&](auto visit) { visit_kv(kv_, visit); })) return;
    if (!check_stack()) return;
    fill_blocks();
    fill_behaviour();
    fill_keys();
    fill_copies();
    if (has_host_) fill_host();
    if (has_storage_) resolve_mount(spec_, context_, pool_);
  }

 private:
  void problem(const Place& place, const std::string& key, std::string message, std::string remedy) {
    context_.problem(place, spec_, key, std::move(message), std::move(remedy));
  }
  void note(const std::string& what, const std::string& reason) { context_.note(pool_, what, reason); }

  bool check_stack() {
    const std::size_t before = context_.problems.all().size();
    if (!has_host_ && !has_storage_)
      problem({}, "kv", "settings of tiers, but no tier",
              "add `kv.host.capacity` or `kv.storage.system`, or leave `kv` out");
    if (has_host_ && kv_.host.capacity.given() == kv_.host.blocks.given())
      problem({}, "kv.host.capacity", "a host tier has one capacity, in bytes or in blocks",
              "give `kv.host.capacity`, bytes of one replica such as 400GiB, or `kv.host.blocks`");
    const std::string& version = pool_.engine.version;
    if (has_host_ && has_storage_ && !is_from(pool_, kFirstTieringVersion)) {
      problem(spec_.engine.version.place, "engine.version",
              fmt::format("vLLM {} cannot put a host tier over storage", version),
              fmt::format("set engine.version to \"{}\" or later, or keep one of kv.host and kv.storage",
                          kFirstTieringVersion));
    } else if (has_host_ && !is_from(pool_, kFirstHostTierVersion)) {
      problem(
          spec_.engine.version.place, "engine.version", fmt::format("vLLM {} has no host tier", version),
          fmt::format("set engine.version to \"{}\" or later, or leave kv.host out", kFirstHostTierVersion));
    }
    if (!pool_.engine.prefix_caching)
      problem(spec_.engine.enable_prefix_caching.place, "engine.enable_prefix_caching",
              "tiers need the prefix cache, which is off", "turn it on, or leave `kv` out");
    return context_.problems.all().size() == before;
  }

  void fill_blocks() {
    const std::uint32_t engine_block = pool_.engine.block_size_tokens;
    const std::uint32_t usual = has_storage_ ? std::max(engine_block, kStorageBlockTokens) : engine_block;
    tiers_.block_tokens =
        static_cast<std::uint32_t>(kv_.block_tokens.value_or(usual / engine_block * engine_block));
    if (tiers_.block_tokens % engine_block != 0) {
      problem(
          kv_.block_tokens.place, "kv.block_tokens",
          fmt::format("{} tokens are no multiple of the engine's block of {}", tiers_.block_tokens,
                      engine_block),
          fmt::format("use a multiple of {}, such as {}", engine_block, usual / engine_block * engine_block));
    }
    tiers_.ranks = pool_.tp;
    tiers_.block_bytes =
        models::kv_bytes_per_token(pool_.model, pool_.types.kv, pool_.tp) * tiers_.block_tokens;
    tiers_.copy_bytes = copy_bytes(pool_.model, pool_.types.kv, pool_.tp, engine_block, pool_.engine.version);
  }

  void fill_behaviour() {
    const bool tiering = is_from(pool_, kFirstTieringVersion);
    tiers_.prompt_only = kv_.prompt_only.value_or(has_host_ && has_storage_ && tiering);
    tiers_.waits_for_pending = kv_.waits_for_pending.value_or(tiering);
    tiers_.reloads_preempted = kv_.reloads_preempted.value_or(is_from(pool_, kFirstReloadPreemptedVersion));
  }

  // Pools whose blocks are the same files under the same names.
  void fill_keys() {
    const std::string seed = kv_.hash_seed.value_or("0");
    tiers_.private_keys = seed == "random";
    if (!tiers_.private_keys)
      pool_.tier_choices.hash_seed = static_cast<std::uint32_t>(parse_integer(seed).value_or(0));
    const std::string& own = tiers_.private_keys ? pool_.name : seed;
    tiers_.key_space = digest(fmt::format(
        "{}\n{}\n{}\n{}\n{}\n{}\n{}", pool_.model.name, kvsim::name(pool_.types.kv), pool_.tp,
        pool_.engine.block_size_tokens, tiers_.block_tokens, tiers_.private_keys ? "random" : "fixed", own));
  }

  void fill_copies() {
    const Copies* copies = context_.inputs.catalog.copies();
    if (copies == nullptr)
      return problem({}, "kv", "the catalog has no copies between GPU and host",
                     "add a document `copies:` (docs/catalog.md)");
    TierChoices& choices = pool_.tier_choices;
    choices.kernel_copies = kv_.copies.value_or("dma") == "kernel";
    choices.host_encryption_bytes_per_second =
        static_cast<double>(kv_.host.encryption_bytes_per_second.value_or(0));
    const CopyMethod& method = choices.kernel_copies ? copies->kernel : copies->dma;
    const double scale = host_link_ratio(copies->measured_on);
    choices.host_bytes_per_second = static_cast<double>(kv_.host.bytes_per_second.value_or(0));
    tiers_.to_host = limited(copy_curve(method.to_host, scale, choices.host_encryption_bytes_per_second));
    tiers_.to_gpu = limited(copy_curve(method.to_gpu, scale, choices.host_encryption_bytes_per_second));
    tiers_.copy_interference = kv_.copy_interference.value_or(method.interference.value);
    if (!kv_.copy_interference.given() && method.interference.unverified)
      note("kv.copy_interference",
           fmt::format("{} is unverified: {}", method.interference.value, method.interference.source));
  }

  double host_link_ratio(const std::string& measured_on) {
    const Accelerator& own = pool_.accelerator;
    const Accelerator* measured = context_.inputs.catalog.find(measured_on);
    if (measured == nullptr || measured->name == own.name) return 1;
    const double ratio = own.host_link_bytes_per_second.value / measured->host_link_bytes_per_second.value;
    note(
        "kv: copies between GPU and host",
        fmt::format("prior: measured on {}, with {:.3g} times its bandwidth by the host links{}", measured_on,
                    ratio, own.host_link_bytes_per_second.unverified ? ", of which one is unverified" : ""));
    return ratio;
  }

  // A rank's share of the host's memory bandwidth, where that is less than its link.
  CopyCurve limited(CopyCurve curve) const {
    const double memory = pool_.tier_choices.host_bytes_per_second;
    if (memory > 0) curve.bytes_per_second = std::min(curve.bytes_per_second, memory / tiers_.ranks);
    return curve;
  }

  void fill_host() {
    HostTierSettings host;
    const double bytes = kv_.host.capacity.given()
                             ? static_cast<double>(*kv_.host.capacity)
                             : static_cast<double>(*kv_.host.blocks) * tiers_.block_bytes;
    if (bytes > kLargestCapacityBytes)
      problem(capacity_place(), "", fmt::format("{:.3g} bytes are beyond any memory", bytes), "give less");
    host.capacity_bytes = static_cast<std::uint64_t>(std::min(bytes, kLargestCapacityBytes));
    host.eviction = parse_eviction_policy(kv_.host.eviction.value_or("lru"), kv_.host.eviction.place.path);
    if (bytes < tiers_.block_bytes)
      problem(capacity_place(), "",
              fmt::format("{} bytes are less than one block of {} tokens ({:.0f} bytes)", host.capacity_bytes,
                          tiers_.block_tokens, tiers_.block_bytes),
              "give more, or make the blocks smaller");
    fill_retention(host.retention);
    check_host_memory(host);
    tiers_.host = host;
  }

  const Place& capacity_place() const {
    return kv_.host.capacity.given() ? kv_.host.capacity.place : kv_.host.blocks.place;
  }

  void fill_retention(Retention& retention) {
    const Setting<double>& limit = kv_.host.retention_limit;
    if (limit.given()) retention.limit = whole_milliseconds(*limit);
    retention.since = retention_since(kv_.host.retention_since.value_or("write"));
    if (retention.limit <= 0)
      problem(limit.place, "", "found less than a millisecond", "give a duration such as 24h");
    if (kv_.host.retention_since.given() && !limit.given())
      problem(kv_.host.retention_since.place, "", "stands without a limit", "add `limit:`, or leave it out");
  }

  void check_host_memory(const HostTierSettings& host) {
    const Server* server = context_.server(pool_.server);
    if (server == nullptr || server->host_memory_bytes == 0)
      return note("kv.host.capacity", "the server's host_memory is not stated, so it is not checked");
    const std::uint32_t together = std::min(pool_.replicas, pool_.replicas_per_server);
    const double needed = static_cast<double>(host.capacity_bytes) * together;
    if (needed <= static_cast<double>(server->host_memory_bytes)) return;
    problem(capacity_place(), "",
            fmt::format("{} replicas of one server take {:.0f} bytes, more than its host_memory of {}",
                        together, needed, server->host_memory_bytes),
            fmt::format("give at most {} bytes", server->host_memory_bytes / together));
  }

  const PoolSpec& spec_;
  const KvSpec& kv_;
  FleetContext& context_;
  Pool& pool_;
  KvTierSettings& tiers_;
  bool has_host_ = false;
  bool has_storage_ = false;
};

// What a note about sharing says of a pool's blocks.
std::string blocks_of(const Pool& pool) {
  return fmt::format("{}, {}, tp {}, {} tokens", pool.model.name, kvsim::name(pool.types.kv), pool.tp,
                     pool.tiers.block_tokens);
}

}  // namespace

void resolve_tiers(const PoolSpec& spec, FleetContext& context, Pool& pool) {
  TierResolver(spec, context, pool).resolve();
}

void note_unshared(const Fleet& fleet, std::vector<Validity>& validity) {
  for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
    const Pool& pool = fleet.pools[i];
    if (!pool.tiers.storage) continue;
    const StorageSystemSettings& system = fleet.storage[pool.tiers.storage->system];
    if (pool.tiers.private_keys && !system.local)
      validity.push_back({fmt::format("pool {}: kv.hash_seed", pool.name),
                          fmt::format("random: its replicas share nothing on storage {}", system.name)});
    for (std::size_t j = 0; j < i; ++j) {
      const Pool& other = fleet.pools[j];
      const bool same_system =
          other.tiers.storage && other.tiers.storage->system == pool.tiers.storage->system;
      if (!same_system || system.local || other.tiers.key_space == pool.tiers.key_space) continue;
      validity.push_back(
          {fmt::format("pools {} and {}: storage {}", other.name, pool.name, system.name),
           fmt::format("nothing is shared between them: their blocks differ ({}; {}) or their hash seeds do",
                       blocks_of(other), blocks_of(pool))});
    }
  }
}

}  // namespace kvsim::sim
