// SPDX-License-Identifier: Apache-2.0
// From what somebody wrote about a pool to the pool itself: names looked up, defaults filled in, memory
// counted.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/load_fleet.h"
#include "sim/scenario/pool_spec.h"

namespace kvsim::sim {

struct NamedModel {
  models::ModelCard card;
  std::string config;  // path of its config.json; empty: from the library
};

// What the rest of the fleet file said, and where problems and notes go.
struct FleetContext {
  const FleetInputs& inputs;
  std::string folder;  // files that the fleet names are looked up from here
  Problems& problems;
  std::vector<Validity>& validity;
  std::vector<Site> sites = {};
  std::vector<Server> servers = {};
  std::vector<StorageSystemSettings> storage = {};
  bool storage_follows = false;  // `storage` is still to be written: a pool may name any system
  Network network = {};
  std::map<std::string, NamedModel> models = {};  // declared under `models`
  std::vector<Tenant> tenants = {};
  std::string currency = "USD";

  std::string path_of(const std::string& file) const;
  // A problem at `place`, or, where that setting was not given, at `key` of the pool.
  void problem(const Place& place, const PoolSpec& pool, const std::string& key, std::string message,
               std::string remedy);
  void note(const Pool& pool, const std::string& what, const std::string& reason);
  const Server* server(const std::string& name) const;  // nullptr: none of that name
};

// Nothing when the pool has problems that leave no pool to speak of; they are in context.problems then.
std::optional<Pool> resolve_pool(const PoolSpec& spec, FleetContext& context);

// A card out of a config.json; problems of the file are added, and nothing comes back.
std::optional<models::ModelCard> read_model_config(const std::string& path, const std::string& name,
                                                   Problems& problems);

// Every setting of the pool as explicit settings: read back, they give the same pool.
PoolSpec explicit_spec(const Pool& pool, const std::vector<StorageSystemSettings>& storage);

}  // namespace kvsim::sim
