// SPDX-License-Identifier: Apache-2.0
// Requests are counted by model x SLO class x tenant; a group is one such combination, numbered as it first
// arrives.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <vector>

namespace kvsim::sim {

struct Group {
  std::uint32_t model = 0;  // indices into traces::Names
  std::uint32_t slo_class = 0;
  std::uint32_t tenant = 0;
  friend auto operator<=>(const Group&, const Group&) = default;
};

class GroupTable {
 public:
  std::uint32_t index(const Group& group) {
    const auto [place, is_new] = index_.emplace(group, static_cast<std::uint32_t>(groups_.size()));
    if (is_new) groups_.push_back(group);
    return place->second;
  }
  const std::vector<Group>& all() const { return groups_; }

 private:
  std::vector<Group> groups_;
  std::map<Group, std::uint32_t> index_;
};

}  // namespace kvsim::sim
