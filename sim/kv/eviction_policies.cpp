// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/eviction_policies.h"

#include <algorithm>
#include <array>

#include "base/errors.h"
#include "base/text.h"
#include "sim/kv/eviction_order.h"

namespace kvsim::sim {
namespace {

struct Entry {
  EvictionPolicy policy;
  const char* name;
  std::unique_ptr<EvictionOrder> (*make)(std::uint64_t capacity_bytes);
};

constexpr std::array<Entry, 4> kPolicies = {{
    {EvictionPolicy::kLru, "lru", make_lru_order},
    {EvictionPolicy::kArc, "arc", make_arc_order},
    {EvictionPolicy::kLfu, "lfu", make_lfu_order},
    {EvictionPolicy::kLengthAware, "length-aware", make_length_aware_order},
}};

const Entry& entry(EvictionPolicy policy) {
  return *std::find_if(kPolicies.begin(), kPolicies.end(),
                       [policy](const Entry& candidate) { return candidate.policy == policy; });
}

}  // namespace

std::vector<std::string> eviction_policy_names() {
  std::vector<std::string> names;
  for (const Entry& policy : kPolicies) names.emplace_back(policy.name);
  return names;
}

std::string eviction_policy_name(EvictionPolicy policy) { return entry(policy).name; }

EvictionPolicy parse_eviction_policy(std::string_view name, const std::string& path) {
  for (const Entry& policy : kPolicies) {
    if (name == policy.name) return policy.policy;
  }
  throw InputError({{{},
                     path,
                     "there is no eviction policy '" + shortened(name) + "'",
                     valid_names_remedy(name, eviction_policy_names())}});
}

std::unique_ptr<EvictionOrder> make_eviction_order(EvictionPolicy policy, std::uint64_t capacity_bytes) {
  return entry(policy).make(capacity_bytes);
}

}  // namespace kvsim::sim
