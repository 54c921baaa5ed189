// SPDX-License-Identifier: Apache-2.0
// A router as a fleet describes it: a policy by name, or an EndpointPickerConfig with every default filled in
// (llm-d-router, Gateway API Inference Extension), its replicas, what it costs and how fresh its data are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace kvsim::sim {

// Parameters of a policy or plugin. The reader has checked them against the type's list and filled in every
// default, so a key that is asked for is there (std::out_of_range otherwise). Keys of nested maps are joined
// with dots: "tokenProcessorConfig.blockSize". Flags are 0 or 1, durations seconds.
struct Parameters {
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<std::string>> lists;

  double number(const std::string& key) const { return numbers.at(key); }
  bool flag(const std::string& key) const { return numbers.at(key) != 0; }
  const std::string& text(const std::string& key) const { return texts.at(key); }
  const std::vector<std::string>& list(const std::string& key) const { return lists.at(key); }
};

struct PluginSettings {
  std::string name;
  std::string type;  // today's name: old ones are translated by the reader
  Parameters parameters;
};

struct ProfileSettings {
  struct Use {
    std::size_t plugin = 0;  // index into EppSettings::plugins
    double weight = 1;       // of scorers
  };
  std::string name;
  std::vector<Use> uses;  // filters run in this order; the reader has added a picker where none was named
};

struct PriorityBand {
  std::int32_t priority = 0;  // higher is more important, as in an InferenceObjective
  double max_bytes = 1e9;
  double max_requests = 5000;
  std::string fairness;  // names of plugins
  std::string ordering;
};

struct FlowControlSettings {
  bool enabled = false;  // feature gate flowControl
  double max_bytes = 0;  // over all bands; 0: no limit
  double max_requests = 0;
  double request_ttl_seconds = 60;
  double no_endpoint_ttl_seconds = 60;
  PriorityBand default_band, default_negative_band;
  std::vector<PriorityBand> bands;  // highest priority first
  std::string usage_limit;          // name of a plugin
  bool eviction = false;            // of running sheddable requests
};

// Plugins stand in the order of the file, those that the reader added behind them; types that mean nothing
// here and data sources are left out. What a plugin refers to by name (a producer, a decider) stands in its
// parameters and exists.
struct EppSettings {
  std::vector<PluginSettings> plugins;
  std::vector<ProfileSettings> profiles;
  std::string profile_handler;  // names of plugins
  std::string saturation_detector;
  FlowControlSettings flow_control;
};

// Host side of one router replica. A request occupies one of `cores` for
//   seconds + seconds_per_token * prompt + seconds_per_stream * streams in flight
// of which the request itself waits for `latency_seconds` (0: for all of it); the rest goes on behind its
// back (times a draw of mean 1 and standard deviation `variation`), first come, first served; besides, every
// streamed token costs `seconds_per_streamed_token` of a core. Behind that a request waits for its turn among
// the streams in flight: exponentially, for `latency_per_stream_seconds` of each in the mean, and holds no
// core.
struct RouterCost {
  double seconds = 0;
  double latency_seconds = 0;
  double seconds_per_token = 0;
  double seconds_per_stream = 0;
  double seconds_per_streamed_token = 0;
  double latency_per_stream_seconds = 0;
  double variation = 0;
  double cores = 1;
  double hop_seconds = 0;         // gateway to router and back, once a request
  double timeout_seconds = 0;     // of a request that waits for the router; 0: none
  std::uint64_t max_waiting = 0;  // more are shed (503); 0: no limit
  bool fail_open = false;         // on timeout a random endpoint gets it, else it fails
  std::string source;             // where the figures are from
};

// Which pools serve a class, in order of preference. The next one is used where the one before is full.
struct PoolRule {
  std::string slo_class;  // empty: any
  std::string tenant;     // empty: any
  std::vector<std::string> pools;
  double spill_at_in_flight = 0;  // requests in flight a replica (over its capacity weight); 0: never spills
  double spill_at_kv_usage = 0;   // mean scraped usage; 0: not looked at
};

// Hand-over of KV from a prefill to a decode replica (vLLM's NIXL connector). Sources:
// docs/disaggregation.md.
struct DisaggregationSettings {
  double lease_seconds = 30;             // after which the prefill side frees what nobody read
  bool lease_renewed = true;             // by the decode side's heartbeats while the request waits there
  double handshake_seconds = 0.2;        // first contact of a pair of replicas
  double start_seconds = 0.022;          // of each pull
  double rank_bytes_per_second = 17e9;   // that one rank of a replica can give or take
  double hop_seconds = 0.001;            // prefill side's answer to the decode side
  bool local_prefill_on_failure = true;  // else the request fails
  bool operator==(const DisaggregationSettings&) const = default;
};

struct RouterSettings {
  std::string policy = "round-robin";  // "epp": as `epp` says
  Parameters parameters;               // of the policy
  std::string version;                 // of the router image; empty: the newest
  std::string epp_file;                // as the fleet names it; empty: a preset, or inline
  std::optional<EppSettings> epp;      // of policy "epp" and of presets
  std::string site;                    // where it runs; empty: the first pool's site
  std::uint32_t replicas = 1;
  double scrape_seconds = 0.05;      // of each endpoint's metrics
  double event_lag_seconds = 0.002;  // from the end of a step to the index that its KV events reach
  RouterCost cost;
  std::vector<PoolRule> rules;
  DisaggregationSettings disaggregation;
};

}  // namespace kvsim::sim
