// SPDX-License-Identifier: Apache-2.0
// Labels and residency policies in fleet YAML:
//
//   labels: {operator: acme, owner_country: FR}
//   residency:
//     all: {country: [FR, DE]}                        # into every object
//     compute: {owner_country: {not: US}}             # declared, and not US
//     kv_at_rest: {key_custody: tenant}
#pragma once

#include <string>

#include "base/fields.h"
#include "sim/scenario/residency.h"

namespace kvsim::sim {

Labels read_labels(Fields labels);
ResidencyPolicy read_residency(Fields residency);

// In braces, so that reading them back gives the same. `all` is spelled out.
std::string labels_yaml(const Labels& labels);
std::string predicate_yaml(const LabelPredicate& predicate);
std::string residency_yaml(const ResidencyPolicy& policy);

}  // namespace kvsim::sim
