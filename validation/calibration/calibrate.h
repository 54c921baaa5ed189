// SPDX-License-Identifier: Apache-2.0
// Fits a performance profile to measured serving runs, with the simulator in the loop: the parameters under
// which simulated throughput, TTFT and TPOT come closest to the measured ones, each over its noise. How far
// off the fit is on figures that it has not seen is part of the answer.
#pragma once

#include "validation/calibration/calibration.h"
#include "validation/run_batch.h"

namespace kvsim::validation {

// InputError where a case cannot be read or has no figure to fit, the cases differ in their subject, or a
// parameter has no place to start from.
Calibration calibrate(const CalibrationSettings& settings, const sim::FleetInputs& inputs,
                      const Progress& progress = {});

}  // namespace kvsim::validation
