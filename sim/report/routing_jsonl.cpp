// SPDX-License-Identifier: Apache-2.0
#include "sim/report/routing_jsonl.h"

#include "base/json_writer.h"

namespace kvsim::sim {
namespace {

using Names = std::vector<std::string>;

void add_seen(JsonWriter& json, const RoutingRecord::Candidate& candidate) {
  json.key("seen").begin_object().member("age_seconds", candidate.age_seconds);
  json.member("waiting", candidate.seen_waiting).member("running", candidate.seen_running);
  json.member("kv_usage", candidate.seen_kv_usage).end_object();
}

void add_candidate(JsonWriter& json, const RoutingRecord::Candidate& candidate, bool sees_gauges,
                   const Names& names) {
  json.begin_object().member("replica", names[candidate.replica]).member("in_flight", candidate.in_flight);
  if (sees_gauges) add_seen(json, candidate);
  json.key("true").begin_object().member("waiting", candidate.waiting).member("running", candidate.running);
  json.member("kv_usage", candidate.kv_usage).member("cached_tokens", candidate.cached_tokens);
  json.member("ttft_seconds", candidate.ttft_seconds).end_object().end_object();
}

void add_profile(JsonWriter& json, const RoutingRecord::Profile& profile, const Names& names) {
  json.begin_object().member("profile", profile.name).member("pick", names[profile.pick]);
  json.key("candidates").begin_array();
  for (std::size_t i = 0; i < profile.replicas.size(); ++i) {
    json.begin_object().member("replica", names[profile.replicas[i]]);
    if (i < profile.totals.size()) json.member("total", profile.totals[i]);
    json.key("scores").begin_object();
    for (const RoutingRecord::Column& column : profile.columns) json.member(column.name, column.scores[i]);
    json.end_object().end_object();
  }
  json.end_array().key("weights").begin_object();
  for (const RoutingRecord::Column& column : profile.columns) json.member(column.name, column.weight);
  json.end_object().end_object();
}

void add_name(JsonWriter& json, const char* key, const std::optional<std::uint32_t>& replica,
              const Names& names) {
  json.key(key);
  replica ? json.value(names[*replica]) : json.null();
}

}  // namespace

RoutingJsonl::RoutingJsonl(const std::string& path, const std::vector<PoolInfo>& pools) : file_(path) {
  for (const PoolInfo& pool : pools)
    for (std::uint32_t i = 0; i < pool.replicas; ++i)
      replicas_.push_back(pool.name + "/" + std::to_string(i));
}

void RoutingJsonl::on_routed(const RoutingRecord& record) {
  JsonWriter json(file_.out(), 0);
  json.begin_object().member("request", record.request).member("time_seconds", to_seconds(record.time));
  json.member("router", record.router);
  add_name(json, "pick", record.pick, replicas_);
  add_name(json, "prefill", record.prefill, replicas_);
  add_name(json, "oracle", record.pick ? std::optional(record.oracle) : std::nullopt, replicas_);
  json.member("regret_seconds", record.regret_seconds);
  json.member("predicted_hit_tokens", record.predicted_hit_tokens);
  json.key("candidates").begin_array();
  for (const RoutingRecord::Candidate& candidate : record.candidates)
    add_candidate(json, candidate, record.sees_gauges, replicas_);
  json.end_array().key("filters").begin_array();
  for (const std::string& filter : record.filters) json.value(filter);
  json.end_array().key("profiles").begin_array();
  for (const RoutingRecord::Profile& profile : record.profiles) add_profile(json, profile, replicas_);
  json.end_array().end_object();
}

}  // namespace kvsim::sim
