// SPDX-License-Identifier: Apache-2.0
// One label of all endpoints, read once: routing compares small numbers, not texts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/routing/endpoint.h"

namespace kvsim::sim {

class LabelColumn {
 public:
  static constexpr std::uint32_t kAbsent = 0;

  LabelColumn(const std::vector<Endpoint>& endpoints, const std::string& label) {
    for (const Endpoint& endpoint : endpoints) {
      const auto found = endpoint.labels.find(label);
      ids_.push_back(found == endpoint.labels.end() ? kAbsent : intern(found->second));
    }
  }
  std::uint32_t of(EndpointId endpoint) const { return ids_[endpoint]; }
  // kAbsent: no endpoint has it.
  std::uint32_t id(const std::string& value) const {
    const auto found = values_.find(value);
    return found == values_.end() ? kAbsent : found->second;
  }

 private:
  std::uint32_t intern(const std::string& value) {
    return values_.emplace(value, static_cast<std::uint32_t>(values_.size()) + 1).first->second;
  }

  std::map<std::string, std::uint32_t> values_;
  std::vector<std::uint32_t> ids_;
};

}  // namespace kvsim::sim
