// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/residency.h"

#include <algorithm>

#include "base/text.h"

namespace kvsim::sim {
namespace {

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::string violation(const LabelTerm& term, const Labels& labels) {
  const auto found = labels.find(term.label);
  if (found == labels.end()) return term.label + " is not declared";
  if (contains(term.forbidden, found->second)) return term.label + " is " + found->second + ", forbidden";
  if (!term.allowed.empty() && !contains(term.allowed, found->second))
    return term.label + " is " + found->second + ", allowed: " + join(term.allowed, ", ");
  return {};
}

}  // namespace

const char* name(DataObject object) {
  static constexpr std::array kNames{"compute", "kv_in_memory", "kv_at_rest",
                                     "transit", "failover",     "router_index"};
  return kNames[static_cast<std::size_t>(object)];
}

const LabelPredicate& predicate(const ResidencyPolicy& policy, DataObject object) {
  switch (object) {
    case DataObject::kCompute:
      return policy.compute;
    case DataObject::kKvInMemory:
      return policy.kv_in_memory;
    case DataObject::kKvAtRest:
      return policy.kv_at_rest;
    case DataObject::kTransit:
      return policy.transit;
    case DataObject::kFailover:
      return policy.failover;
    case DataObject::kRouterIndex:
      break;
  }
  return policy.router_index;
}

bool holds(const LabelPredicate& predicate, const Labels& labels) {
  return std::all_of(predicate.begin(), predicate.end(),
                     [&](const LabelTerm& term) { return violation(term, labels).empty(); });
}

std::string first_violation(const LabelPredicate& predicate, const Labels& labels) {
  for (const LabelTerm& term : predicate)
    if (std::string reason = violation(term, labels); !reason.empty()) return reason;
  return {};
}

}  // namespace kvsim::sim
