// SPDX-License-Identifier: Apache-2.0
// Requests are counted by model x SLO class x tenant; a group is one such combination, numbered as it first arrives.
#pragma once

#include <cstdint>
#include <vector>

namespace kvsim::sim {

struct Group {
  std::uint32_t model = 0;      // indices into traces::Names
  std::uint32_t slo_class = 0;
  std::uint32_t tenant = 0;
  friend bool operator==(const Group&, const Group&) = default;
};

class GroupTable {
 public:
  std::uint32_t index(const Group& group) {
    for (std::uint32_t i = 0; i < groups_.size(); ++i)
      if (groups_[i] == group) return i;
    groups_.push_back(group);
    return static_cast<std::uint32_t>(groups_.size() - 1);
  }
  const std::vector<Group>& all() const { return groups_; }

 private:
  std::vector<Group> groups_;
};

}  // namespace kvsim::sim
