// SPDX-License-Identifier: Apache-2.0
// A calibration for people and programs.
#pragma once

#include <ostream>
#include <string>

#include "validation/calibration/calibrate.h"

namespace kvsim::validation {

std::string calibration_table(const Calibration& calibration);  // parameters, then errors: plain text
std::string calibration_json(const Calibration& calibration);
// One HTML file: parameters with intervals, simulated over measured for each metric, residuals by stage.
void write_calibration_page(std::ostream& out, const Calibration& calibration);

// "pinned down", "partly", "not by this data"
std::string identifiability(const FittedParameter& parameter);

}  // namespace kvsim::validation
