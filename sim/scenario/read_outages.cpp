// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/read_outages.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "sim/scenario/find_named.h"
#include "sim/scenario/setting_reader.h"
#include "sim/scenario/unique_name.h"

namespace kvsim::sim {
namespace {

constexpr const char* kMembersRemedy = "give indices such as [0, 2], how many, or all";

Nanoseconds read_time(Fields& entry, std::string_view key, std::optional<Nanoseconds> fallback = {}) {
  if (!entry.has(key) && !fallback) entry.duration_seconds(key);  // which reports it as missing
  const auto seconds = read_duration(entry, key);
  return seconds ? whole_milliseconds(*seconds) : fallback.value_or(0);
}

// A time of a millisecond at least.
Nanoseconds read_span(Fields& entry, std::string_view key) {
  const Nanoseconds span = read_time(entry, key);
  if (span == 0 && entry.has(key))
    entry.problem(key, "found less than a millisecond", "give a duration such as 30m");
  return span;
}

std::optional<std::uint32_t> index_in(const std::string& text) {
  const auto index = parse_integer(text);
  if (!index || *index < 0 || *index >= 1'000'000'000) return {};
  return static_cast<std::uint32_t>(*index);
}

class EntryReader {
 public:
  EntryReader(Fields& entry, const Fleet& fleet) : entry_(entry), fleet_(fleet) {}

  OutageSpec read() {
    read_element();
    read_when();
    if (entry_.has("startup")) spec_.startup = read_time(entry_, "startup");
    if (spec_.startup && spec_.scope == OutageScope::kStorage)
      entry_.problem("startup", "a storage system has none", "remove it");
    entry_.finish();
    return std::move(spec_);
  }

 private:
  void read_element() {
    static const std::vector<std::string> kElements = {"replica", "server", "pool", "site", "storage"};
    const auto given = std::count_if(kElements.begin(), kElements.end(),
                                     [&](const std::string& key) { return entry_.has(key); });
    if (given != 1) {
      for (const std::string& key : kElements) entry_.raw(key);
      entry_.raw("replicas"), entry_.raw("servers");
      entry_.problem("", fmt::format("names {} elements", given == 0 ? "no" : "several"),
                     "give one of " + join(kElements, ", "));
      return;
    }
    if (entry_.has("replica")) read_member("replica", OutageScope::kReplicas);
    if (entry_.has("server")) read_member("server", OutageScope::kServers);
    if (entry_.has("pool")) read_pool();
    if (entry_.has("site")) read_site();
    if (entry_.has("storage"))
      read_name("storage", OutageScope::kStorage, names_of(fleet_.storage), "declare it under `storage`");
  }

  // False: nothing is called so.
  bool read_name(std::string_view key, OutageScope scope, const std::vector<std::string>& known,
                 const std::string& without_any) {
    spec_.scope = scope;
    spec_.name = entry_.text(key);
    return knows(key, spec_.name, known, without_any);
  }

  bool knows(std::string_view key, const std::string& name, const std::vector<std::string>& known,
             const std::string& without_any) {
    if (std::find(known.begin(), known.end(), name) != known.end()) return true;
    if (!name.empty())
      entry_.problem(key, fmt::format("there is no '{}'", name),
                     known.empty() ? without_any : valid_names_remedy(name, known));
    return false;
  }

  // POOL[INDEX]
  void read_member(std::string_view key, OutageScope scope) {
    const std::string text = entry_.text(key);
    const std::size_t bracket = text.rfind('[');
    const bool is_member = bracket != std::string::npos && text.back() == ']';
    const auto index =
        is_member ? index_in(text.substr(bracket + 1, text.size() - bracket - 2)) : std::nullopt;
    if (!index) {
      if (!text.empty())
        entry_.problem(key, fmt::format("found '{}'", text), "give a pool and an index, such as \"h100[3]\"");
      return;
    }
    spec_.scope = scope;
    spec_.name = text.substr(0, bracket);
    if (!knows(key, spec_.name, names_of(fleet_.pools), "")) return;
    spec_.members = {*index};
    check_members(key);
  }

  void read_pool() {
    if (!read_name("pool", OutageScope::kPool, names_of(fleet_.pools), "")) {
      entry_.raw("replicas"), entry_.raw("servers");
      return;
    }
    if (entry_.has("replicas") && entry_.has("servers"))
      entry_.problem("servers", "stands beside `replicas`", "keep one of them");
    if (entry_.has("drain")) return set_all_servers();
    if (entry_.has("replicas")) read_members("replicas", OutageScope::kReplicas);
    if (entry_.has("servers")) read_members("servers", OutageScope::kServers);
  }

  void set_all_servers() {
    for (const char* key : {"replicas", "servers"}) {
      if (entry_.has(key)) entry_.problem(key, "a drain is of all servers of a pool", "remove it");
      entry_.raw(key);
    }
    spec_.scope = OutageScope::kServers;
    set_first(servers_of(pool()));
  }

  void read_site() {
    if (!read_name("site", OutageScope::kSite, names_of(fleet_.sites), "")) return;
    const auto is_there = [&](const auto& part) { return part.site == spec_.name; };
    if (std::none_of(fleet_.pools.begin(), fleet_.pools.end(), is_there) &&
        std::none_of(fleet_.storage.begin(), fleet_.storage.end(), is_there))
      entry_.problem("site", "no pool and no storage system stands there", "name another site");
  }

  const Pool& pool() const { return *find_named(fleet_.pools, spec_.name); }
  std::uint32_t most_members() const {
    return spec_.scope == OutageScope::kServers ? servers_of(pool()) : pool().replicas;
  }

  void set_first(std::uint32_t count) {
    spec_.members.resize(count);
    std::iota(spec_.members.begin(), spec_.members.end(), 0);
  }

  void read_members(std::string_view key, OutageScope scope) {
    spec_.scope = scope;
    const Node& node = *entry_.raw(key);
    if (node.is_sequence())
      for (const Node& item : node.items) add_member(key, item);
    else
      read_count(key, node);
    std::sort(spec_.members.begin(), spec_.members.end());
    const auto again = std::unique(spec_.members.begin(), spec_.members.end());
    if (again != spec_.members.end()) entry_.problem(key, "an index stands here twice", "keep it once");
    spec_.members.erase(again, spec_.members.end());
    check_members(key);
  }

  void read_count(std::string_view key, const Node& node) {
    if (node.is_scalar() && node.scalar == "all") return set_first(most_members());
    const auto count = node.is_scalar() ? parse_integer(node.scalar) : std::nullopt;
    if (count && *count >= 1 && *count <= most_members())
      return set_first(static_cast<std::uint32_t>(*count));
    entry_.problem(key,
                   fmt::format("found {}; the pool has {}",
                               node.is_scalar() ? "'" + node.scalar + "'" : "a map", most_members()),
                   kMembersRemedy);
  }

  void add_member(std::string_view key, const Node& item) {
    const auto index = item.is_scalar() ? index_in(item.scalar) : std::nullopt;
    if (index)
      spec_.members.push_back(*index);
    else
      entry_.problem(key, "found an index that is no whole number from 0 on", kMembersRemedy);
  }

  void check_members(std::string_view key) {
    for (const std::uint32_t member : spec_.members)
      if (member >= most_members())
        entry_.problem(key, fmt::format("there is no {}; the pool has {}", member, most_members()),
                       "count from 0 on");
  }

  void read_when() {
    const bool scheduled = entry_.has("at") || entry_.has("for");
    const bool random = entry_.has("mtbf") || entry_.has("mttr");
    if (scheduled + random + entry_.has("drain") != 1) {
      for (const char* key : {"at", "for", "mtbf", "mttr", "drain"}) entry_.raw(key);
      return entry_.problem("", "does not say when, in one way",
                            "give `at` and `for`, or `mtbf` and `mttr`, or `drain`");
    }
    if (scheduled) {
      const Nanoseconds at = read_time(entry_, "at");
      spec_.when = ScheduledOutage{at, read_span(entry_, "for")};
    }
    if (random) {
      const Nanoseconds mtbf = read_span(entry_, "mtbf");
      spec_.when = RandomOutages{mtbf, read_span(entry_, "mttr")};
    }
    if (entry_.has("drain")) read_drain(entry_.map("drain"));
  }

  void read_drain(Fields drain) {
    Drains drains;
    drains.every = read_span(drain, "every");
    drains.first = read_time(drain, "first", drains.every);
    drains.lasts = read_span(drain, "for");
    const auto most = static_cast<std::int64_t>(std::max<std::size_t>(1, spec_.members.size()));
    drains.groups = static_cast<std::uint32_t>(drain.integer("groups", {1, most}, 1));
    drain.finish();
    if (!entry_.has("pool")) entry_.problem("drain", "is of a whole pool", "name it: `pool:`");
    spec_.when = drains;
  }

  Fields& entry_;
  const Fleet& fleet_;
  OutageSpec spec_;
};

}  // namespace

std::uint32_t servers_of(const Pool& pool) {
  return (pool.replicas + pool.replicas_per_server - 1) / pool.replicas_per_server;
}

std::vector<OutageSpec> read_outages(Fields& root, const Fleet& fleet) {
  std::vector<OutageSpec> outages;
  for (Fields& entry : root.maps("outages")) outages.push_back(EntryReader(entry, fleet).read());
  return outages;
}

RecoverySettings read_recovery(Fields& root) {
  RecoverySettings recovery;
  Fields fields = root.map("recovery");
  recovery.retries_lost = fields.choice("lost_requests", {"retry", "fail"}, "retry") == "retry";
  recovery.retries = static_cast<std::uint32_t>(fields.integer("retries", {1, 1'000'000}, recovery.retries));
  recovery.waits_for_replica = fields.choice("no_replica", {"reject", "wait"}, "reject") == "wait";
  recovery.detection = read_time(fields, "detection", recovery.detection);
  fields.finish();
  return recovery;
}

void note_outages(const Fleet& fleet, std::vector<Validity>& validity) {
  if (fleet.outages.empty()) return;
  if (fleet.recovery.detection == RecoverySettings{}.detection)
    validity.push_back(
        {"recovery: detection", "5 s, an assumption: half of Kubernetes' usual readiness period of 10 s"});
  for (const Pool& pool : fleet.pools)
    if (pool.startup_seconds == Pool{}.startup_seconds)
      validity.push_back({"pool " + pool.name + ": startup_seconds",
                          "120 s, an assumption: weights from a fast file system, graphs, readiness"});
}

}  // namespace kvsim::sim
