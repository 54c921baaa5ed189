// SPDX-License-Identifier: Apache-2.0
// The workload's kinds of requests held against what a problem serves and allows.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "planner/list_options.h"
#include "sim/scenario/fleet.h"

namespace kvsim::planner {

class Placement {
 public:
  // InputError as list_options.h has it.
  Placement(const Problem& problem, const sim::FleetInputs& inputs, const DemandNames& names);

  // The tenants that need options of their own of a model (an index of the problem's), and "" where anybody
  // else asks for it.
  std::vector<std::string> owners(std::size_t model) const;
  // Tenants and default policy of the problem into a fleet read without them, whose only pool is `option`.
  void add_tenants(const PoolOption& option, sim::Fleet& fleet) const;
  // Demand by name; `fleets` are those of the options, with tenants.
  std::vector<DemandClass> placed(const std::vector<PoolOption>& options,
                                  const std::vector<std::shared_ptr<const sim::Fleet>>& fleets) const;

 private:
  void read_tenants();
  void read_cards(const sim::FleetInputs& inputs);
  void check_names(Problems& problems) const;
  void check_tenants(Problems& problems) const;
  void check_class(const traces::RequestKind& name, Problems& problems) const;
  bool asks_for(const traces::RequestKind& name, std::size_t model) const;
  bool is_isolated(const std::string& tenant) const;

  const Problem& problem_;
  const DemandNames& names_;
  std::vector<sim::Tenant> tenants_;
  sim::ResidencyPolicy default_residency_;
  std::vector<models::ModelCard> cards_;  // by model of the problem
};

}  // namespace kvsim::planner
