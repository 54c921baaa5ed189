// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/read_disaggregation.h"

#include <fmt/format.h>

#include <algorithm>

#include "hardware-catalog/named.h"
#include "models/profile.h"
#include "sim/fabric/fabric.h"
#include "sim/scenario/resolve_network.h"
#include "sim/scenario/setting_reader.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

class PairCheck {
 public:
  PairCheck(const Pool& prefill, const Pool& decode, const Place& place, Problems& problems)
      : prefill_(prefill), decode_(decode), place_(place), problems_(problems) {}

  void check() {
    if (prefill_.types.kv != decode_.types.kv)
      problem(fmt::format("their KV has unlike types: {} and {}", name(prefill_.types.kv),
                          name(decode_.types.kv)),
              "give both the same `types: {kv: ...}`");
    check_tp();
    if (decode_.engine.block_size_tokens % prefill_.engine.block_size_tokens != 0)
      problem(fmt::format("blocks of {} tokens are no whole number of blocks of {}",
                          decode_.engine.block_size_tokens, prefill_.engine.block_size_tokens),
              "give both the same `engine.block_size`");
    if (models::compare_versions(prefill_.engine.version, decode_.engine.version) != 0)
      problem(fmt::format("vLLM {} and {} do not read each other's KV", prefill_.engine.version,
                          decode_.engine.version),
              "give both the same `engine.version`");
  }

 private:
  void problem(const std::string& message, std::string remedy) {
    problems_.add(place_.where, place_.path,
                  fmt::format("pool {} cannot hand KV to pool {}: {}", prefill_.name, decode_.name, message),
                  std::move(remedy));
  }

  // A rank reads slices of several ranks, or several read slices of one; latent KV is whole on each.
  void check_tp() {
    const std::uint32_t larger = std::max(prefill_.tp, decode_.tp),
                        smaller = std::min(prefill_.tp, decode_.tp);
    if (prefill_.model.mla || larger % smaller == 0) return;
    problem(fmt::format("tp {} and {}: neither divides the other, so that KV heads of a rank would be split",
                        prefill_.tp, decode_.tp),
            "choose one tp that divides the other");
  }

  const Pool& prefill_;
  const Pool& decode_;
  const Place& place_;
  Problems& problems_;
};

bool hands_over(const Pool& prefill, const Pool& decode) {
  const bool has_role = prefill.role != PoolRole::kBoth || decode.role != PoolRole::kBoth;
  return has_role && prefill.model.name == decode.model.name && gives_kv(prefill) && takes_kv(decode);
}

bool joined(const std::string& from, const std::string& to, const std::vector<SiteLink>& links) {
  return from == to || std::any_of(links.begin(), links.end(), [&](const SiteLink& link) {
           return (link.from == from && link.to == to) || (link.from == to && link.to == from);
         });
}

void check_serving(const Pool& prefill, const std::vector<Pool>& pools, const Place& place,
                   Problems& problems) {
  const bool is_served = std::any_of(pools.begin(), pools.end(), [&](const Pool& other) {
    return other.model.name == prefill.model.name && other.role != PoolRole::kPrefill;
  });
  if (is_served) return;
  problems.add(place.where, place.path,
               fmt::format("no pool decodes what pool {} prefills of {}", prefill.name, prefill.model.name),
               "add a pool of the same model with `role: decode`, or leave the role out");
}

}  // namespace

DisaggregationSettings read_disaggregation(Fields& router) {
  DisaggregationSettings settings;
  Fields fields = router.map("disaggregation");
  const auto seconds = [&](std::string_view key, double fallback) {
    return read_duration(fields, key).value_or(fallback);
  };
  settings.lease_seconds = seconds("lease", settings.lease_seconds);
  settings.lease_renewed = fields.maybe_boolean("lease_renewed").value_or(settings.lease_renewed);
  settings.handshake_seconds = seconds("handshake", settings.handshake_seconds);
  settings.start_seconds = seconds("start", settings.start_seconds);
  settings.hop_seconds = seconds("hop", settings.hop_seconds);
  settings.rank_bytes_per_second =
      static_cast<double>(read_bytes(fields, "rank_bytes_per_second")
                              .value_or(static_cast<std::uint64_t>(settings.rank_bytes_per_second)));
  settings.local_prefill_on_failure =
      fields.choice("on_failure", {"prefill", "fail"}, "prefill") == "prefill";
  fields.finish();
  return settings;
}

std::string disaggregation_yaml(const DisaggregationSettings& settings) {
  return fmt::format(
      "{{lease: {}, lease_renewed: {}, handshake: {}, start: {}, hop: {}, rank_bytes_per_second: {:.0f}, "
      "on_failure: {}}}",
      yaml_number(settings.lease_seconds), settings.lease_renewed, yaml_number(settings.handshake_seconds),
      yaml_number(settings.start_seconds), yaml_number(settings.hop_seconds), settings.rank_bytes_per_second,
      settings.local_prefill_on_failure ? "prefill" : "fail");
}

bool takes_part_in_hand_over(const Pool& pool, const std::vector<Pool>& pools) {
  return std::any_of(pools.begin(), pools.end(), [&](const Pool& other) {
    return other.model.name == pool.model.name && other.role != PoolRole::kBoth;
  });
}

void check_pair(const Pool& prefill, const Pool& decode, const std::vector<SiteLink>& links,
                const Place& place, Problems& problems) {
  if (!hands_over(prefill, decode)) return;
  PairCheck(prefill, decode, place, problems).check();
  if (joined(prefill.site, decode.site, links)) return;
  problems.add(place.where, place.path,
               fmt::format("pool {} is at site {}, pool {} at {}, and no link joins them", prefill.name,
                           prefill.site, decode.name, decode.site),
               fmt::format("add `network: {{site_links: [{{from: {}, to: {}, bytes_per_second: ...}}]}}`",
                           prefill.site, decode.site));
}

void resolve_disaggregation(std::vector<Pool>& pools, const std::vector<Place>& places,
                            FleetContext& context) {
  for (std::size_t i = 0; i < pools.size(); ++i) {
    if (!takes_part_in_hand_over(pools[i], pools)) continue;
    need_network(context, pools[i]);
    if (pools[i].role == PoolRole::kPrefill) check_serving(pools[i], pools, places[i], context.problems);
    if (!has_simgrid() && pools[i].role != PoolRole::kBoth)
      context.problems.add(
          places[i].where, places[i].path,
          "the way of KV from prefill to decode pools is simulated by SimGrid, which this build lacks",
          "build with SimGrid, or leave `role` out");
    for (const Pool& decode : pools)
      check_pair(pools[i], decode, context.network.site_links, places[i], context.problems);
  }
}

void note_hand_over(const Fleet& fleet, std::vector<Validity>& validity) {
  const bool takes_place = std::any_of(fleet.pools.begin(), fleet.pools.end(),
                                       [](const Pool& pool) { return pool.role == PoolRole::kPrefill; });
  if (!takes_place) return;
  const DisaggregationSettings usual, &given = fleet.router.disaggregation;
  if (given.start_seconds == usual.start_seconds ||
      given.rank_bytes_per_second == usual.rank_bytes_per_second)
    validity.push_back({"router.disaggregation: start, rank_bytes_per_second",
                        "22 ms and 17 GB/s are fitted to pulls between host memories of two H200"});
  if (given.handshake_seconds == usual.handshake_seconds || given.hop_seconds == usual.hop_seconds)
    validity.push_back({"router.disaggregation: handshake, hop", "200 ms and 1 ms are unverified defaults"});
}

}  // namespace kvsim::sim
