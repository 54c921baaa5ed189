// SPDX-License-Identifier: Apache-2.0
#include "sim/report/availability_json.h"

namespace kvsim::sim {
namespace {

void add_part(JsonWriter& json, const AvailabilityPart& part) {
  json.member("up_fraction", part.up_fraction()).member("outages", part.outages);
  json.member("requests_lost", part.lost).member("requests_retried", part.retried);
}

void add_parts(JsonWriter& json, const char* name, const std::vector<AvailabilityPart>& parts) {
  json.key(name).begin_array();
  for (const AvailabilityPart& part : parts) {
    json.begin_object().member("name", part.name);
    add_part(json, part);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

void add_availability(JsonWriter& json, const Availability& availability, const RequestCounts& requests) {
  json.key("availability").begin_object().member("completed_share", requests.completed_share());
  add_part(json, availability.fleet);
  add_parts(json, "pools", availability.pools);
  add_parts(json, "sites", availability.sites);
  json.end_object();
}

}  // namespace kvsim::sim
