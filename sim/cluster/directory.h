// SPDX-License-Identifier: Apache-2.0
// What the names of a workload mean on a fleet: which replicas serve a model, what a tenant's isolation and
// class ask for. Names are looked up once, as they first appear.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/groups.h"
#include "sim/routing/endpoint.h"
#include "sim/scenario/fleet.h"
#include "sim/scenario/lawful.h"
#include "traces/request.h"

namespace kvsim::sim {

// What a request's class, else its tenant's class, and its tenant ask for.
struct Service {
  std::uint64_t salt = 0;               // of the block hashes; 0: shared
  std::int32_t priority = 0;            // of requests that name none
  std::int32_t objective_priority = 0;  // for the router: higher is more important
  std::string slo_class;                // the request's, else its tenant's; empty: none
  double ttft_limit_seconds = 0;        // 0: none
  double tpot_limit_seconds = 0;
  std::uint32_t model = 0;  // of the directory
  EndpointIds candidates;   // endpoints of that model that may serve it: lawful, of its pools
  EndpointIds failover;     // those of them that may take over from others
  bool may_index = true;    // by the router's index
};

class Directory {
 public:
  explicit Directory(const Fleet& fleet);

  // Index into models() for a request's model name; the empty name stands for a fleet's only model.
  // InputError for a model that no pool serves.
  std::uint32_t model(const traces::Names& names, std::uint32_t name_index);
  Service service(const traces::Names& names, const Group& group);

  struct Model {
    std::string name;
    std::vector<std::uint32_t> replicas;  // fleet-wide, ascending
  };
  const std::vector<Model>& models() const { return models_; }
  const Pool& pool_of(std::uint32_t replica) const { return fleet_.pools[pool_index_[replica]]; }
  std::uint32_t pool_index(std::uint32_t replica) const { return pool_index_[replica]; }
  std::uint32_t index_in_pool(std::uint32_t replica) const {
    return replica - first_of_pool_[pool_index_[replica]];
  }
  std::uint32_t model_of(std::uint32_t replica) const { return model_of_pool_[pool_index_[replica]]; }
  // As sim/scenario/lawful.h has them, and llm-d.ai/role.
  Labels labels_of(const Pool& pool) const;
  std::uint32_t replicas() const { return static_cast<std::uint32_t>(pool_index_.size()); }
  Nanoseconds one_way(std::uint32_t replica) const {
    return one_way_[pool_index_[replica]];
  }                                                             // client to pool
  Nanoseconds between(std::uint32_t a, std::uint32_t b) const;  // replicas, one way

 private:
  Nanoseconds way_to(const std::string& pool_site) const;
  std::uint32_t look_up(const std::string& name) const;
  void add_candidates(const LawfulPools& lawful, Service& service) const;

  const Fleet& fleet_;
  std::vector<Model> models_;
  std::vector<std::uint32_t> pool_index_;
  std::vector<std::uint32_t> first_of_pool_;
  std::vector<std::uint32_t> model_of_pool_;
  std::vector<Nanoseconds> one_way_;
  std::vector<std::optional<std::uint32_t>> model_of_name_;
};

}  // namespace kvsim::sim
