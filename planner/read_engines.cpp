// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "planner/nodes.h"
#include "planner/read_parts.h"
#include "sim/scenario/pool_spec.h"
#include "sim/scenario/role_names.h"
#include "sim/scenario/unique_name.h"

namespace kvsim::planner {
namespace {

constexpr std::int64_t kLargestTp = 1024;
constexpr const char* kEachSystem = "each";  // stands in for the name

const std::vector<std::string> kPoolKeys{"types",      "engine",   "kv",
                                         "profile",    "frontend", "frontend_seconds",
                                         "step_table", "labels",   "capacity_weight"};

std::vector<std::uint32_t> read_tp(Fields& fields) {
  std::vector<std::uint32_t> sizes;
  for (const double tp : fields.numbers("tp", {1, kLargestTp})) {
    const auto whole = static_cast<std::uint32_t>(tp);
    if (static_cast<double>(whole) != tp)
      fields.problem("tp", fmt::format("found {}", tp), "give whole numbers of accelerators");
    sizes.push_back(whole);
  }
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

// In the order of PoolRole.
std::vector<sim::PoolRole> read_roles(Fields& fields) {
  const std::vector<std::string> names = fields.texts("role");
  check_names(fields, "role", names, sim::role_names(), "role");
  std::vector<sim::PoolRole> roles;
  for (const std::string& name : sim::role_names())
    if (std::find(names.begin(), names.end(), name) != names.end()) roles.push_back(sim::pool_role(name));
  return roles.empty() ? std::vector{sim::PoolRole::kBoth} : roles;
}

// Takes `system`, one name or several, out of the pool's kv.storage; whoever makes a pool of it puts one in.
void take_storage(Fields& fields, EngineOption& engine, Problems& problems) {
  const Node* kv = engine.pool.find("kv");
  const Node* storage = kv == nullptr ? nullptr : kv->find("storage");
  if (storage == nullptr || !(storage->is_map() || storage->is_null())) return;
  engine.mounts_storage = true;
  if (const Node* system = storage->find("system"); system != nullptr && !system->is_null())
    engine.storage = system->is_sequence() ? system->items : std::vector{*system};
  for (const Node& name : engine.storage)
    if (!name.is_scalar())
      problems.add(name.place_in(fields.file()), path_of(fields, "kv.storage.system"), "found no name",
                   "give the name of a system under `storage`, or a list of names");
  Node inner = *kv, mount = storage->is_null() ? empty_map(*storage) : *storage;
  put(mount, "system", engine.storage.empty() ? text_node(kEachSystem) : engine.storage.front());
  put(inner, "storage", std::move(mount));
  put(engine.pool, "kv", std::move(inner));
}

EngineOption read_engine(Fields& fields, const Node& node, std::string name, ProblemReading& reading) {
  EngineOption engine;
  engine.name = std::move(name);
  engine.pool = with_keys(node, kPoolKeys);
  for (const std::string& key : kPoolKeys) fields.raw(key);
  engine.tp = read_tp(fields);
  if (engine.tp.empty()) reading.defaults.tell(fields, "tp", "the fewest accelerators that hold the model");
  engine.roles = read_roles(fields);
  take_storage(fields, engine, reading.problems);
  Fields pool(&engine.pool, fields.file(), fields.path(), reading.problems);
  sim::read_pool_spec(pool, reading.problems);
  return engine;
}

EngineOption read_listed(Entry& entry, ProblemReading& reading) {
  Fields& fields = entry.fields;
  std::string name = sim::unique_name(fields, reading.problem.engines);
  EngineOption engine = read_engine(fields, *entry.node, std::move(name), reading);
  engine.models = fields.texts("models");
  engine.servers = fields.texts("servers");
  engine.sites = fields.texts("sites");
  fields.finish();
  return engine;
}

}  // namespace

void read_engines(Fields& root, const Node& root_node, ProblemReading& reading) {
  std::vector<EngineOption>& engines = reading.problem.engines;
  std::vector<Entry> listed = entries(root, "engines");
  for (Entry& entry : listed) engines.push_back(read_listed(entry, reading));
  if (!root.has("engines")) {
    if (with_keys(root_node, kPoolKeys).members.empty())
      reading.defaults.tell(root, "engines", "one, with the defaults of fleets");
    engines.push_back(read_engine(root, root_node, "default", reading));
    return;
  }
  if (listed.empty())
    root.problem("engines", "no engine", "leave it out, or give a list of maps with a name");
  std::vector<std::string> keys = kPoolKeys;
  keys.insert(keys.end(), {"tp", "role"});
  for (const std::string& key : keys) {
    root.raw(key);
    if (root.has(key)) root.problem(key, "stands beside `engines`", "move it into the engines");
  }
}

}  // namespace kvsim::planner
