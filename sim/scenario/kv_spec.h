// SPDX-License-Identifier: Apache-2.0
// The maps `kv` and `frontend` of a pool as somebody wrote them. Each setting is declared once, in
// visit_kv() or visit_frontend(); the dots in its key are maps within the map.
#pragma once

#include <cstdint>
#include <string>

#include "sim/kv/eviction_policies.h"
#include "sim/scenario/setting.h"
#include "sim/scenario/tier_names.h"

namespace kvsim::sim {

struct FrontendSpec {
  Setting<double> seconds, seconds_per_token, serial_seconds_per_token;
  Setting<std::uint64_t> processes;
};

struct KvHostSpec {
  Setting<std::uint64_t> capacity, blocks, bytes_per_second, encryption_bytes_per_second;
  Setting<std::string> eviction, retention_since;
  Setting<double> retention_limit;
};

struct KvStorageSpec {
  Setting<std::string> system;
  Setting<std::uint64_t> threads, thread_bytes_per_second, staging;
  Setting<double> read_preferring, lookup, queue_limit;
  Setting<bool> job_is_one_task;
};

struct KvSpec {
  Setting<std::uint64_t> block_tokens;
  Setting<bool> prompt_only, waits_for_pending, reloads_preempted;
  Setting<std::string> hash_seed, copies;
  Setting<double> copy_interference;
  KvHostSpec host;
  KvStorageSpec storage;
};

template <class Spec, class Visit>
void visit_frontend(Spec& frontend, Visit&& visit) {
  visit("seconds", frontend.seconds, form::Duration{});
  visit("seconds_per_token", frontend.seconds_per_token, form::Duration{});
  visit("serial_seconds_per_token", frontend.serial_seconds_per_token, form::Duration{});
  visit("processes", frontend.processes, form::Whole{1, 1024});
}

template <class Spec, class Visit>
void visit_kv_host(Spec& host, Visit&& visit) {
  visit("host.capacity", host.capacity, form::Bytes{});
  visit("host.blocks", host.blocks, form::Whole{1, 1'000'000'000'000});
  visit("host.eviction", host.eviction, form::OneOf{eviction_policy_names()});
  visit("host.retention.limit", host.retention_limit, form::Duration{});
  visit("host.retention.since", host.retention_since, form::OneOf{retention_names()});
  visit("host.bytes_per_second", host.bytes_per_second, form::Bytes{});
  visit("host.encryption_bytes_per_second", host.encryption_bytes_per_second, form::Bytes{});
}

template <class Spec, class Visit>
void visit_kv_storage(Spec& storage, Visit&& visit) {
  visit("storage.system", storage.system, form::Text{});
  visit("storage.threads", storage.threads, form::Whole{1, 100'000});
  visit("storage.read_preferring", storage.read_preferring, form::Number{{0, 1}});
  visit("storage.thread_bytes_per_second", storage.thread_bytes_per_second, form::Bytes{});
  visit("storage.lookup", storage.lookup, form::Duration{});
  visit("storage.queue_limit", storage.queue_limit, form::Duration{});
  visit("storage.staging", storage.staging, form::Bytes{});
  visit("storage.job_is_one_task", storage.job_is_one_task, form::Flag{});
}

template <class Spec, class Visit>
void visit_kv(Spec& kv, Visit&& visit) {
  visit("block_tokens", kv.block_tokens, form::Whole{1, 1'000'000});
  visit("prompt_only", kv.prompt_only, form::Flag{});
  visit("waits_for_pending", kv.waits_for_pending, form::Flag{});
  visit("reloads_preempted", kv.reloads_preempted, form::Flag{});
  visit("hash_seed", kv.hash_seed, form::Seed{});
  visit("copies", kv.copies, form::OneOf{{"dma", "kernel"}});
  visit("copy_interference", kv.copy_interference, form::Number{{0, 1}});
  visit_kv_host(kv.host, visit);
  visit_kv_storage(kv.storage, visit);
}

}  // namespace kvsim::sim
