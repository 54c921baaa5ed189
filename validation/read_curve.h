// SPDX-License-Identifier: Apache-2.0
// Curves of a case file; docs/case.md gives the keys.
#pragma once

#include "hardware-catalog/catalog.h"
#include "validation/curve.h"

namespace kvsim::validation {

Curve read_run_curve(Fields& entry, const RunReader& runs, Problems& problems);
Curve read_copy_curve(Fields& entry, const Copies& copies);
Curve read_replay_curve(Fields& entry, const ReplayCurve& replay);

}  // namespace kvsim::validation
