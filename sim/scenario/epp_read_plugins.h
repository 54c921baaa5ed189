// SPDX-License-Identifier: Apache-2.0
// The list `plugins` of an EndpointPickerConfig, and what its plugins refer to.
#pragma once

#include "base/fields.h"
#include "sim/scenario/epp_draft.h"

namespace kvsim::sim {

// Old names become today's. A scorer that held an index of its own (prefix-cache-scorer before v0.9,
// precise-prefix-cache-scorer) becomes a scorer and the producer NAME/index.
void read_epp_plugins(Fields& root, EppDraft& draft);

// Every parameter that names a plugin names one that exists; what the router adds is added.
void resolve_epp_references(EppDraft& draft);

}  // namespace kvsim::sim
