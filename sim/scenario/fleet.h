// SPDX-License-Identifier: Apache-2.0
// A fleet as its YAML describes it, after defaults, catalog, model cards and profiles are resolved.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hardware-catalog/catalog.h"
#include "models/memory.h"
#include "models/model_card.h"
#include "models/step_time.h"
#include "models/step_time_facts.h"
#include "sim/kv/tier_settings.h"
#include "sim/replica/engine_settings.h"
#include "sim/scenario/outage_spec.h"
#include "sim/scenario/residency.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

struct Validity {      // something that a reader of the result must know
  std::string what;    // "pool nvidia: step times"
  std::string reason;  // "prior from kernel speeds; not calibrated to a serving run"
};

struct Site {
  std::string name;
  Labels labels;
  double client_rtt_seconds = 0;
  std::map<std::string, double> site_rtt_seconds;
};

struct Server {
  std::string name;
  std::string accelerator;
  std::uint32_t accelerators = 1;
  std::uint64_t host_memory_bytes = 0;  // 0: not stated
  std::uint32_t nics = 0;
  double nic_bytes_per_second = 0;
};

// The host side of a request before the engine's queue: HTTP, tokenising, hashing. `seconds` and
// `seconds_per_token` pass side by side for all requests; of them, `serial_seconds_per_token` holds one of
// the replica's `processes`, so that a long prompt delays the next one.
struct Frontend {
  double seconds = 0;
  double seconds_per_token = 0;         // of the prompt
  double serial_seconds_per_token = 0;  // <= seconds_per_token
  std::uint32_t processes = 1;
};

// How many servers hang on one leaf switch, and how much less bandwidth leads up from it than down to them.
struct LeafSpine {
  std::uint32_t servers_per_leaf = 0;
  double oversubscription = 1;
};
struct SiteLink {  // in each direction
  std::string from, to;
  double bytes_per_second = 0;
  Labels labels = {};
};
struct Network {
  std::optional<LeafSpine> leaf;  // nothing: a star, where only NICs and storage limit
  std::vector<SiteLink> site_links;
};

struct Erasure {  // a request to delete what a tenant or a session left at rest
  Nanoseconds at = 0;
  std::string tenant;  // empty: by session
  std::uint64_t session = 0;
};

// What a fleet file chose for a pool's tiers, of which KvTierSettings holds the consequence.
struct TierChoices {
  bool kernel_copies = false;              // else DMA
  std::optional<std::uint32_t> hash_seed;  // nothing: random
  double host_bytes_per_second = 0;  // of its memory, for all ranks' copies in one direction; 0: no limit
  double host_encryption_bytes_per_second = 0;  // 0: nothing is encrypted
  double thread_copy_bytes_per_second = 0;      // of one storage thread, without encryption
  std::uint64_t staging_bytes = 0;  // buffers of the storage threads of one rank; 0: the host tier
};

// What a pool of a disaggregated fleet does (label llm-d.ai/role).
enum class PoolRole : std::uint8_t { kBoth, kPrefill, kDecode };

struct Pool {
  std::string name;
  PoolRole role = PoolRole::kBoth;
  Labels labels;               // beside its site's
  double capacity_weight = 1;  // share of traffic beside other pools' replicas
  std::string dedicated_to;    // the only tenant that it serves; empty: all
  std::string site;
  models::ModelCard model;
  std::string model_config;       // path of the config.json that the card was read from; empty: the library's
  std::string served_model_name;  // one more name that requests may use; empty: none
  Accelerator accelerator;
  std::string server;  // name, or empty
  std::uint32_t replicas = 1;
  std::uint32_t tp = 1;
  models::Types types;
  EngineSettings engine;
  bool enforce_eager = false;     // no CUDA graphs
  std::uint64_t kv_blocks = 0;    // usable: num_gpu_blocks - 1
  double kv_bytes_per_block = 0;  // over all ranks
  Frontend frontend;
  KvTierSettings tiers;
  TierChoices tier_choices;
  std::uint32_t replicas_per_server = 1;  // share its NICs, host memory and local drives
  double nic_bytes_per_second = 0;        // of one server, all NICs, each direction; 0: no network is needed
  std::shared_ptr<const models::StepTimeModel> step_time;
  models::StepTimeFacts step_time_facts;
  std::string profile;        // "prior", "table" or the profile's name
  std::string profile_given;  // as the fleet file chose it (a name, "prior" or a path); empty: not chosen
  std::string step_table;     // path of a measured step table; empty: none
  std::optional<double> accelerator_price_per_hour;
  double startup_seconds = 120;  // after an outage, until it serves again
};

struct SloObjective {
  std::string metric;  // "ttft", "tpot", "e2e"
  double limit_seconds = 0;
};
struct SloClass {
  std::string name;
  std::vector<SloObjective> objectives;
  std::int32_t priority = 0;                       // as vLLM has it: lower is more important
  std::optional<std::int32_t> objective_priority;  // of its InferenceObjective; nothing: -priority
};

// From weakest to strongest; each includes those before it. From kOwnReplicas on a tenant is served by pools
// dedicated to it alone (whose servers no other pool shares), in kEnclave by such pools with label `enclave`.
enum class Isolation { kSharedCache, kOwnSalt, kOwnReplicas, kOwnNodes, kEnclave };
struct Tenant {
  std::string name;
  Isolation isolation = Isolation::kSharedCache;
  std::string slo_class;
  ResidencyPolicy residency;        // the fleet's default where its own is not stated
  std::vector<std::string> models;  // that it asks for, by name or alias; empty: any
};

struct Fleet {
  std::string name;
  std::vector<Site> sites;
  std::vector<Server> servers;
  std::vector<Pool> pools;
  std::vector<StorageSystemSettings> storage;
  Network network;
  std::vector<Erasure> erasures;  // by time
  std::vector<OutageSpec> outages;
  RecoverySettings recovery;
  RouterSettings router;
  std::vector<SloClass> slo_classes;
  std::vector<Tenant> tenants;
  ResidencyPolicy default_residency;  // of tenants that only the workload names
  std::string currency = "USD";
  std::vector<Validity> validity;
  std::string digest;
};

}  // namespace kvsim::sim
