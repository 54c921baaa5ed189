// SPDX-License-Identifier: Apache-2.0
// What fits predict of figures that they have not seen.
#pragma once

#include "validation/calibration/serving_fit.h"

namespace kvsim::validation {

// `outcome`: of all figures. Stages are predicted from its linearisation, the other folds by fits of their
// own, from the priors on.
HeldOut hold_out(ServingFit& fit, const models::FitOutcome& outcome, HoldOut by);

}  // namespace kvsim::validation
