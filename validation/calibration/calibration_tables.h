// SPDX-License-Identifier: Apache-2.0
// A calibration for people and programs.
#pragma once

#include <ostream>
#include <string>

#include "validation/calibration/calibration.h"

namespace kvsim::validation {

std::string calibration_table(const Calibration& calibration);  // parameters, then errors: plain text
std::string calibration_json(const Calibration& calibration);
// One HTML file: parameters with intervals, then simulated over measured by the rate of the stage for each
// metric, or model over measured by the tokens and context of the step for each phase.
void write_calibration_page(std::ostream& out, const Calibration& calibration);

}  // namespace kvsim::validation
