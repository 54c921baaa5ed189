// SPDX-License-Identifier: Apache-2.0
#include "sim/report/sizing_json.h"

namespace kvsim::sim {
namespace {

void add_rates(JsonWriter& json, const char* name, const Rates& rates) {
  json.key(name).begin_object();
  json.member("mean", rates.mean).member("p50", rates.p50);
  json.member("p99", rates.p99).member("max", rates.max).end_object();
}

void add_facts(JsonWriter& json, const StorageFacts& facts) {
  json.member("name", facts.name).member("kind", facts.kind).member("site", facts.site);
  json.member("local", facts.local).member("retention_seconds", facts.retention_seconds);
  json.member("retention_since", facts.retention_since_last_use ? "last_use" : "write");
}

void add_contents(JsonWriter& json, const StorageSizing& storage) {
  const StorageSnapshot& end = storage.end;
  json.member("capacity_bytes", end.capacity_bytes).key("used_bytes").begin_object();
  json.member("end", end.used_bytes).member("peak", storage.peak_used_bytes).end_object();
  json.member("blocks", end.blocks).member("files", end.files);
  json.member("written_bytes", end.written_bytes).member("read_bytes", end.read_bytes);
  json.member("written_blocks", end.written_blocks).member("evicted_blocks", end.evicted_blocks);
  json.member("expired_blocks", end.expired_blocks).member("erased_blocks", end.erased_blocks);
  json.member("refused_blocks", end.refused_blocks);
}

void add_storage(JsonWriter& json, const StorageSizing& storage) {
  json.begin_object();
  add_facts(json, storage.facts);
  add_contents(json, storage);
  json.member("written_bytes_per_day", storage.written_bytes_per_day);
  json.member("growth_bytes_per_day", storage.growth_bytes_per_day);
  json.key("needed").begin_array();
  for (const RetentionNeed& need : storage.needed)
    json.begin_object()
        .member("retention_seconds", need.retention_seconds)
        .member("bytes", need.bytes)
        .end_object();
  json.end_array().member("endurance_bytes", storage.endurance_bytes);
  json.member("years_to_wear_out", storage.years_to_wear_out);
  add_rates(json, "operations_per_second", storage.operations_per_second);
  add_rates(json, "files_written_per_second", storage.files_written_per_second);
  json.end_object();
}

void add_need(JsonWriter& json, const Rates& bytes_per_second, double share) {
  add_rates(json, "bytes_per_second", bytes_per_second);
  json.member("gbit_per_second_p99", gbit_per_second(bytes_per_second.p99));
  json.member("share_of_capacity_p99", share).end_object();
}

void add_link_kind(JsonWriter& json, const LinkKindSizing& kind) {
  json.begin_object().member("kind", to_string(kind.kind)).member("links", kind.links);
  json.member("busiest", kind.busiest);
  add_need(json, kind.bytes_per_second, kind.share_of_capacity_p99);
}

void add_link(JsonWriter& json, const LinkSizing& link) {
  json.begin_object().member("name", link.link.name).member("kind", to_string(link.link.kind));
  json.member("capacity_bytes_per_second", link.link.bytes_per_second);
  add_need(json, link.bytes_per_second, link.share_of_capacity_p99);
}

void add_host(JsonWriter& json, const HostSizing& host) {
  json.begin_object().member("pool", host.pool).member("capacity_bytes", host.capacity_bytes);
  json.member("used_bytes", host.used_bytes).member("usage_max", host.usage_max).end_object();
}

void add_oldest(JsonWriter& json, const OldestSizing& oldest) {
  json.begin_object().member("tier", oldest.tier).member("tenant", oldest.tenant);
  json.member("max_age_seconds", oldest.max_age_seconds);
  json.member("end_age_seconds", oldest.end_age_seconds).end_object();
}

template <class Item>
void add_list(JsonWriter& json, const char* name, const std::vector<Item>& items,
              void (*add)(JsonWriter&, const Item&)) {
  json.key(name).begin_array();
  for (const Item& item : items) add(json, item);
  json.end_array();
}

}  // namespace

void add_sizing(JsonWriter& json, const Sizing& sizing) {
  json.begin_object().key("window").begin_object();
  json.member("from_seconds", sizing.from_seconds).member("to_seconds", sizing.to_seconds);
  json.member("after_warmup", sizing.after_warmup).end_object();
  json.member("sample_seconds", sizing.sample_seconds);
  add_list(json, "host", sizing.host, add_host);
  add_list(json, "storage", sizing.storage, add_storage);
  add_list(json, "link_kinds", sizing.link_kinds, add_link_kind);
  add_list(json, "links", sizing.links, add_link);
  add_list(json, "oldest_kv", sizing.oldest, add_oldest);
  json.end_object();
}

}  // namespace kvsim::sim
