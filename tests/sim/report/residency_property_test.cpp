// SPDX-License-Identifier: Apache-2.0
// Over random fleets, tenants and policies: no token and no byte leaves its allowed set, and what is unlawful
// is refused before anything runs. The test judges by itself, from what it wrote into the fleet file.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/errors.h"
#include "base/random.h"
#include "base/text.h"
#include "sim/metrics/observer_list.h"
#include "sim/report/audit.h"
#include "sim/scenario/router_names.h"
#include "tests/random_cases.h"
#include "tests/sim/support/scripted_source.h"
#include "tests/sim/support/summaries.h"

namespace kvsim::sim {
namespace {

using Text = std::string;
using Marks = std::map<Text, Text>;
using Wish =
    std::map<Text, std::pair<std::set<Text>, bool>>;  // label: values, and whether they are forbidden

struct Where {
  Text name, site;  // empty site: in the servers
  Marks own;
};
struct Way {
  Text from, to;
  Marks own;
};
struct Machines {
  Text name, site, model, vendor, dedicated_to, storage;
  Marks own;
  Text role = "both";
};
struct User {
  Text name, isolation;
  std::map<Text, Wish> wishes;  // by object
};
struct World {
  std::vector<Where> sites, storage;
  std::vector<Way> ways;
  std::vector<Machines> pools;
  std::vector<User> users;  // the last one is in the workload only and has the default's wishes
  Text router_site, yaml;
};

const std::map<Text, std::vector<Text>> kValues{
    {"country", {"FR", "DE", "US"}}, {"operator", {"ours", "theirs"}}, {"enclave", {"true", "false"}}};
const std::vector<Text> kObjects{"compute", "kv_in_memory", "kv_at_rest",
                                 "transit", "failover",     "router_index"};
const std::vector<Text> kIsolations{"shared", "salt", "replicas", "nodes", "enclave"};
const std::vector<Text> kModels{"Llama-3.1-8B", "Qwen3-8B"};

template <class T>
const T& one_of(RandomStream& draw, const std::vector<T>& all) {
  return all[draw.below(all.size())];
}

// --- what the test holds to be lawful ---

bool grants(const Wish& wish, const Marks& marks) {
  for (const auto& [label, values] : wish) {
    const auto found = marks.find(label);
    if (found == marks.end() || values.first.contains(found->second) == values.second) return false;
  }
  return true;
}

Marks over(const Marks& own, const Marks& behind) {
  Marks all = own;
  all.insert(behind.begin(), behind.end());
  return all;
}

class Law {
 public:
  explicit Law(const World& world) : world_(world) {}

  Marks marks_of_site(const Text& name) const {
    for (const Where& site : world_.sites)
      if (site.name == name) return site.own;
    return {};
  }
  Marks marks_of(const Machines& pool) const {
    return over(over(pool.own, {{"vendor", pool.vendor}}), marks_of_site(pool.site));
  }
  const Where* storage_of(const Machines& pool) const {
    for (const Where& system : world_.storage)
      if (system.name == pool.storage) return &system;
    return nullptr;
  }
  bool crosses(const User& user, const Text& from, const Text& to) const {
    const Wish& transit = wish(user, "transit");
    if (from == to || transit.empty()) return true;
    const Way* way = nullptr;
    for (const Way& one : world_.ways)
      if (one.from == to && one.to == from) way = &one;
    for (const Way& one : world_.ways)
      if (one.from == from && one.to == to) way = &one;
    return way != nullptr && grants(transit, way->own);
  }
  bool both_ways(const User& user, const Text& a, const Text& b) const {
    return crosses(user, a, b) && crosses(user, b, a);
  }
  bool isolated(const User& user, const Machines& pool) const {
    if (!pool.dedicated_to.empty() && pool.dedicated_to != user.name) return false;
    if (user.isolation == "shared" || user.isolation == "salt") return true;
    if (pool.dedicated_to != user.name) return false;
    const Marks marks = marks_of(pool);
    return user.isolation != "enclave" || (marks.contains("enclave") && marks.at("enclave") == "true");
  }
  bool lawful(const User& user, const Machines& pool) const {
    const Marks marks = marks_of(pool);
    if (!isolated(user, pool) || !grants(wish(user, "compute"), marks) ||
        !grants(wish(user, "kv_in_memory"), marks))
      return false;
    if (!grants(wish(user, "transit"), marks_of_site(world_.router_site))) return false;
    if (!both_ways(user, world_.router_site, pool.site)) return false;
    const Where* system = storage_of(pool);
    if (system == nullptr) return true;
    const Marks at_rest = over(system->own, system->site.empty() ? marks : marks_of_site(system->site));
    if (!grants(wish(user, "kv_at_rest"), at_rest)) return false;
    return system->site.empty() || both_ways(user, pool.site, system->site);
  }
  // Pools that may serve its requests for the model, alone or with one that prefills: KV goes between any two
  // of them that hand it over.
  std::vector<const Machines*> allowed(const User& user, const Text& model) const {
    std::vector<const Machines*> pools;
    for (const Machines& pool : world_.pools)
      if (pool.model == model && lawful(user, pool)) pools.push_back(&pool);
    drop(user, "prefill", pools);
    drop(user, "decode", pools);
    if (std::all_of(pools.begin(), pools.end(), [](const auto* pool) { return pool->role == "prefill"; }))
      pools.clear();
    return pools;
  }
  bool is_allowed(const User& user, const Machines& pool) const {
    const auto pools = allowed(user, pool.model);
    return std::find(pools.begin(), pools.end(), &pool) != pools.end();
  }
  bool any_lawful(const User& user, const Text& model) const { return !allowed(user, model).empty(); }
  bool refuses() const {
    for (const User& user : world_.users) {
      for (const auto& [object, wish] : user.wishes)
        for (const auto& [label, values] : wish)
          if (!declared(label)) return true;
      if (&user != &world_.users.back() && refuses(user)) return true;
    }
    return false;
  }

 private:
  void drop(const User& user, const Text& role, std::vector<const Machines*>& pools) const {
    const std::vector<const Machines*> before = pools;
    const auto hands_over = [](const Machines& a, const Machines& b) {
      return a.role != b.role && a.role != "decode" && b.role != "prefill";
    };
    std::erase_if(pools, [&](const Machines* pool) {
      return pool->role == role && std::any_of(before.begin(), before.end(), [&](const Machines* other) {
               return (hands_over(*pool, *other) || hands_over(*other, *pool)) &&
                      !both_ways(user, pool->site, other->site);
             });
    });
  }
  static const Wish& wish(const User& user, const Text& object) {
    static const Wish none;
    const auto found = user.wishes.find(object);
    return found == user.wishes.end() ? none : found->second;
  }
  bool declared(const Text& label) const {
    const auto has = [&](const auto& all) {
      return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.own.contains(label); });
    };
    return label == "vendor" || has(world_.sites) || has(world_.storage) || has(world_.ways) ||
           has(world_.pools);
  }
  bool refuses(const User& user) const {
    const bool wants_own = user.isolation != "shared" && user.isolation != "salt";
    bool has_own = false;
    std::set<Text> models;
    for (const Machines& pool : world_.pools) {
      const bool own = pool.dedicated_to == user.name;
      has_own |= own;
      if (own && !lawful(user, pool)) return true;
      if (own || (pool.dedicated_to.empty() && !wants_own)) models.insert(pool.model);
    }
    if (wants_own && !has_own) return true;
    return std::any_of(models.begin(), models.end(),
                       [&](const Text& model) { return !any_lawful(user, model); });
  }

  const World& world_;
};

// --- random worlds ---

Marks random_marks(RandomStream& draw, std::uint64_t share) {
  Marks marks;
  for (const auto& [label, values] : kValues)
    if (draw.below(4) < share) marks[label] = one_of(draw, values);
  return marks;
}

Wish random_wish(RandomStream& draw) {
  Wish wish;
  for (const auto& [label, values] : kValues) {
    if (draw.below(3) > 0) continue;
    std::set<Text> chosen{one_of(draw, values)};
    if (values.size() > 2) chosen.insert(one_of(draw, values));
    wish[label] = {chosen, draw.below(3) == 0};
  }
  if (draw.below(8) == 0) wish["vendor"] = {{"NVIDIA"}, draw.below(2) == 0};
  return wish;
}

std::map<Text, Wish> random_wishes(RandomStream& draw) {
  std::map<Text, Wish> wishes;
  for (const Text& object : kObjects)
    if (draw.below(4) == 0) wishes[object] = random_wish(draw);
  std::erase_if(wishes, [](const auto& entry) { return entry.second.empty(); });
  return wishes;
}

Text yaml(const Marks& marks) {
  std::vector<Text> members;
  for (const auto& [label, value] : marks) members.push_back(label + ": " + value);
  return "{" + join(members, ", ") + "}";
}

Text yaml(const std::map<Text, Wish>& wishes) {
  std::vector<Text> objects;
  for (const auto& [object, wish] : wishes) {
    std::vector<Text> terms;
    for (const auto& [label, values] : wish) {
      const Text list = "[" + join({values.first.begin(), values.first.end()}, ", ") + "]";
      terms.push_back(label + ": " + (values.second ? "{not: " + list + "}" : list));
    }
    objects.push_back(object + ": {" + join(terms, ", ") + "}");
  }
  return "{" + join(objects, ", ") + "}";
}

void add_storage(World& world, RandomStream& draw) {
  for (std::uint64_t i = 0; i < draw.below(3); ++i) {
    const bool local = draw.below(3) == 0;
    world.storage.push_back(
        {fmt::format("store{}", i), local ? "" : one_of(draw, world.sites).name, random_marks(draw, 2)});
  }
}

void join_sites(World& world, RandomStream& draw, const Text& a, const Text& b) {
  const bool joined = std::any_of(world.ways.begin(), world.ways.end(), [&](const Way& way) {
    return (way.from == a && way.to == b) || (way.from == b && way.to == a);
  });
  if (a == b || joined) return;
  world.ways.push_back({a, b, random_marks(draw, 3)});
  if (draw.below(3) == 0) world.ways.push_back({b, a, random_marks(draw, 3)});
}

void add_pools(World& world, RandomStream& draw) {
  const std::uint64_t count = 1 + draw.below(4);
  for (std::uint64_t i = 0; i < count; ++i) {
    Machines pool{fmt::format("pool{}", i),
                  one_of(draw, world.sites).name,
                  one_of(draw, kModels),
                  draw.below(2) == 0 ? "NVIDIA" : "AMD",
                  "",
                  "",
                  random_marks(draw, 1)};
    if (draw.below(4) == 0) pool.dedicated_to = world.users[draw.below(world.users.size() - 1)].name;
    if (!world.storage.empty() && draw.below(2) == 0) {
      const Where& system = one_of(draw, world.storage);
      pool.storage = system.name;
      if (!system.site.empty()) join_sites(world, draw, pool.site, system.site);
    }
    world.pools.push_back(pool);
  }
}

// The first model also with pools of their own for prompts and for tokens.
void add_split_pools(World& world, RandomStream& draw) {
  for (const char* role : {"prefill", "decode"})
    for (std::uint64_t i = 0; i <= draw.below(2); ++i)
      world.pools.push_back({fmt::format("{}{}", role, i), one_of(draw, world.sites).name, kModels[0],
                             "NVIDIA", "", "", random_marks(draw, 1), role});
  for (const Machines& a : world.pools)
    for (const Machines& b : world.pools)
      if (a.model == kModels[0] && b.model == kModels[0] && a.role != b.role)
        join_sites(world, draw, a.site, b.site);
}

void write_yaml(World& world, RandomStream& draw) {
  Text& text = world.yaml;
  text = "sites:\n";
  for (const Where& site : world.sites)
    text += fmt::format("  - {{name: {}, labels: {}}}\n", site.name, yaml(site.own));
  if (!world.storage.empty()) text += "storage:\n";
  for (const Where& system : world.storage)
    text += fmt::format(
        "  - {{name: {}, kind: {}, {}capacity: 4GB, read_bytes_per_second: 5GB, write_bytes_per_second: 5GB, "
        "labels: {}}}\n",
        system.name, system.site.empty() ? "local-nvme" : "nfs",
        system.site.empty() ? "" : "site: " + system.site + ", ", yaml(system.own));
  if (!world.ways.empty()) text += "network:\n  site_links:\n";
  for (const Way& way : world.ways)
    text += fmt::format("    - {{from: {}, to: {}, bytes_per_second: 5GB, labels: {}}}\n", way.from, way.to,
                        yaml(way.own));
  text += "pools:\n";
  for (const Machines& pool : world.pools) {
    const Text host = draw.below(2) == 0 ? "host: {capacity: 1GiB}" : "";
    const Text storage = pool.storage.empty() ? "" : "storage: {system: " + pool.storage + "}";
    const Text both = host.empty() || storage.empty() ? host + storage : host + ", " + storage;
    text += fmt::format(
        "  - {{name: {}, role: {}, site: {}, model: {}, accelerator: {}, replicas: {}, labels: {}{}{}, "
        "engine: "
        "{{version: "
        "\"0.22.0\", num_gpu_blocks_override: 150, max_model_len: 2000}}}}\n",
        pool.name, pool.role, pool.site, pool.model, pool.vendor == "AMD" ? "MI325X" : "H100-SXM-80",
        1 + draw.below(2), yaml(pool.own),
        pool.dedicated_to.empty() ? "" : ", dedicated_to: " + pool.dedicated_to,
        both.empty() ? "" : ", kv: {" + both + "}");
  }
  std::vector<Text> policies = valid_router_policies();
  std::erase(policies, kEppPolicy);  // needs a file; presets are such files
  text += fmt::format("router: {{policy: {}, site: {}}}\n", one_of(draw, policies), world.router_site);
  text += "default_residency: " + yaml(world.users.back().wishes) + "\ntenants:\n";
  for (std::size_t i = 0; i + 1 < world.users.size(); ++i)
    text += fmt::format("  - {{name: {}, isolation: {}, residency: {}}}\n", world.users[i].name,
                        world.users[i].isolation, yaml(world.users[i].wishes));
}

World random_world(RandomStream& draw) {
  World world;
  for (std::uint64_t i = 0; i <= draw.below(3); ++i)
    world.sites.push_back({fmt::format("site{}", i), "", random_marks(draw, 3)});
  for (std::uint64_t i = 0; i <= draw.below(3); ++i) {
    const bool strict = draw.below(4) == 0;
    world.users.push_back({fmt::format("user{}", i), strict ? one_of(draw, kIsolations) : "shared",
                           draw.below(3) == 0 ? std::map<Text, Wish>{} : random_wishes(draw)});
  }
  world.users.push_back(
      {"visitor", "shared", draw.below(2) == 0 ? std::map<Text, Wish>{} : random_wishes(draw)});
  add_storage(world, draw);
  add_pools(world, draw);
  if (draw.below(3) == 0) add_split_pools(world, draw);
  world.router_site = one_of(draw, world.sites).name;
  for (const Where& a : world.sites)
    if (draw.below(2) == 0) join_sites(world, draw, a.name, world.router_site);
  write_yaml(world, draw);
  return world;
}

// Prompts that tenants have in common, so that caches could be shared; more than the GPUs hold.
std::vector<testing::Scripted> requests(const World& world, RandomStream& draw) {
  std::vector<testing::Scripted> script;
  for (int i = 0; i < 40; ++i) {
    const auto input = static_cast<std::uint32_t>(300 + draw.below(1200));
    traces::Request request = testing::plain_request(from_seconds(0.05 * i), input,
                                                     static_cast<std::uint32_t>(1 + draw.below(20)), 0);
    request.prompt = {{1 + draw.below(3), 0, input}};
    request.output_stream = 1000 + static_cast<std::uint64_t>(i);
    request.model = static_cast<std::uint32_t>(draw.below(2));
    request.tenant = static_cast<std::uint32_t>(draw.below(world.users.size()));
    request.session = 1 + draw.below(5);
    if (draw.below(10) == 0) request.timeout = from_seconds(0.05);
    script.push_back({request});
  }
  return script;
}

// --- judging a run ---

class Judge final : public Observer {
 public:
  Judge(const World& world, const Fleet& fleet, const std::vector<Text>& models,
        const std::vector<testing::Scripted>& script)
      : world_(world), law_(world), models_(models), script_(script) {
    for (std::uint32_t pool = 0; pool < fleet.pools.size(); ++pool)
      pool_of_.insert(pool_of_.end(), fleet.pools[pool].replicas, pool);
  }
  std::uint64_t served = 0, narrowed = 0, rejected = 0, bytes_moved = 0, handed_over = 0;

  void on_group(std::uint32_t, const Group& group) override { groups_.push_back(group); }
  void on_finished(const RequestRecord& record) override {
    const Group& group = groups_[record.group];
    const User& user = world_.users[group.tenant];
    const Text& model = models_[group.model];
    EXPECT_EQ(record.status == RequestStatus::kRejectedNoRoute, !law_.any_lawful(user, model)) << user.name;
    if (record.status == RequestStatus::kRejectedNoRoute) {
      ++rejected;
      return;
    }
    const Machines& pool = world_.pools[pool_of_[record.replica]];
    EXPECT_EQ(pool.model, model);
    EXPECT_TRUE(law_.is_allowed(user, pool)) << user.name << " on " << pool.name;
    if (record.prefill_replica) {
      const Machines& prefilled = world_.pools[pool_of_[*record.prefill_replica]];
      EXPECT_TRUE(law_.is_allowed(user, prefilled)) << user.name << " prefilled on " << prefilled.name;
      EXPECT_TRUE(law_.both_ways(user, prefilled.site, pool.site));
      ++handed_over;
    }
    const std::uint64_t hits = record.hit_tokens + record.host_hit_tokens + record.storage_hit_tokens;
    EXPECT_TRUE(hits == 0 || was_computed_for(record.id)) << user.name << " got another one's KV";
    ++served;
    narrowed += std::any_of(world_.pools.begin(), world_.pools.end(), [&](const Machines& other) {
      return other.model == model && !law_.is_allowed(user, other);
    });
  }
  void on_tiers(const TierSample& sample) override {
    for (const OldestKv& kv : sample.oldest) {
      const User& user = world_.users[kv.tenant];
      EXPECT_TRUE(std::any_of(world_.pools.begin(), world_.pools.end(),
                              [&](const Machines& pool) {
                                return law_.lawful(user, pool) &&
                                       (kv.tier == "host" || pool.storage == kv.tier);
                              }))
          << user.name << " in " << kv.tier;
    }
  }
  void on_sample(Nanoseconds, Nanoseconds, const ReplicaSnapshot* replicas, std::uint32_t count) override {
    totals_.assign(count, {});
    for (std::uint32_t i = 0; i < count; ++i) totals_[i] = replicas[i].tiers;
  }
  void on_tenant_kv(std::uint32_t replica, const std::vector<TenantKv>& moved) override {
    double written = 0, read = 0, down = 0, up = 0;
    for (std::uint32_t tenant = 0; tenant < moved.size(); ++tenant) {
      const TenantKv& kv = moved[tenant];
      written += kv.storage_written_bytes, read += kv.storage_read_bytes;
      down += kv.to_host_bytes, up += kv.to_gpu_bytes;
      if (kv.storage_written_bytes + kv.storage_read_bytes + kv.to_host_bytes + kv.to_gpu_bytes == 0)
        continue;
      EXPECT_TRUE(law_.lawful(world_.users[tenant], world_.pools[pool_of_[replica]]));
      ++bytes_moved;
    }
    const TierTotals& all = totals_[replica];
    EXPECT_DOUBLE_EQ(written, all.storage_written_bytes);
    EXPECT_DOUBLE_EQ(read, all.storage_read_bytes);
    EXPECT_DOUBLE_EQ(down, all.to_host_bytes);
    EXPECT_DOUBLE_EQ(up, all.to_gpu_bytes);
  }

 private:
  // KV goes where whoever finds it may compute, so only those under the same wishes may find it.
  bool was_computed_for(std::uint64_t id) const {
    const traces::Request& found = script_[id].request;
    return std::any_of(
        script_.begin(), script_.begin() + static_cast<std::ptrdiff_t>(id), [&](const auto& one) {
          const User &a = world_.users[one.request.tenant], &b = world_.users[found.tenant];
          return one.request.prompt[0].stream == found.prompt[0].stream &&
                 models_[one.request.model] == models_[found.model] &&
                 (a.name == b.name ||
                  (a.isolation == "shared" && b.isolation == "shared" && a.wishes == b.wishes));
        });
  }

  const World& world_;
  Law law_;
  const std::vector<Text>& models_;
  const std::vector<testing::Scripted>& script_;
  std::vector<std::uint32_t> pool_of_;
  std::vector<Group> groups_;
  std::vector<TierTotals> totals_;
};

bool serves(const World& world, const Text& model) {
  return std::any_of(world.pools.begin(), world.pools.end(),
                     [&](const Machines& pool) { return pool.model == model; });
}

struct Seen {
  int refused = 0, ran = 0;
  std::uint64_t served = 0, narrowed = 0, rejected = 0, bytes_moved = 0, handed_over = 0;
};

void run(const World& world, const Fleet& fleet, RandomStream& draw, Seen& seen) {
  traces::Names names;
  names.models = serves(world, kModels[0]) && serves(world, kModels[1]) ? kModels
                 : serves(world, kModels[0])                            ? std::vector{kModels[0], kModels[0]}
                                                                        : std::vector{kModels[1], kModels[1]};
  names.tenants.clear();
  for (const User& user : world.users) names.tenants.push_back(user.name);
  const std::vector<testing::Scripted> script = requests(world, draw);
  testing::ScriptedSource source(script, names);
  Judge judge(world, fleet, names.models, script);
  DataLedger ledger = make_ledger(fleet);
  ObserverList observers({&judge, &ledger});
  simulate(fleet, source, observers, {});
  for (const TenantAudit& tenant : audit(fleet, names, ledger))
    for (const AuditRow& row : tenant.rows)
      EXPECT_TRUE(row.allowed) << tenant.tenant << " " << row.place << ": " << row.violation;
  ++seen.ran;
  seen.served += judge.served;
  seen.narrowed += judge.narrowed;
  seen.rejected += judge.rejected;
  seen.bytes_moved += judge.bytes_moved;
  seen.handed_over += judge.handed_over;
}

TEST(ResidencyProperty, NothingLeavesItsAllowedSetAndUnlawfulFleetsAreRefused) {
  Seen seen;
  const int cases = random_cases(1500);
  for (int seed = 1; seed <= cases && !HasFailure(); ++seed) {
    RandomStream draw(static_cast<std::uint64_t>(seed), "residency");
    const World world = random_world(draw);
    SCOPED_TRACE(fmt::format("seed {}\n{}", seed, world.yaml));
    std::optional<Fleet> fleet;
    Text problems;
    try {
      fleet = testing::fleet_of(world.yaml);
    } catch (const InputError& error) {
      problems = error.what();
    }
    ASSERT_EQ(!fleet.has_value(), Law(world).refuses()) << problems;
    if (fleet)
      run(world, *fleet, draw, seen);
    else
      ++seen.refused;
  }
  fmt::print(
      "{} fleets refused, {} simulated: {} requests served, {} of them where some pool was unlawful, {} "
      "rejected; "
      "the KV of {} tenants moved through a replica's tiers, {} requests were handed over\n",
      seen.refused, seen.ran, seen.served, seen.narrowed, seen.rejected, seen.bytes_moved, seen.handed_over);
  EXPECT_GT(seen.refused, cases / 5);
  EXPECT_GT(seen.ran, cases / 5);
  EXPECT_GT(seen.narrowed, seen.served / 20);
  EXPECT_GT(seen.rejected, 0u);
  EXPECT_GT(seen.handed_over, 0u);
}

}  // namespace
}  // namespace kvsim::sim
