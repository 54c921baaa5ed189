// SPDX-License-Identifier: Apache-2.0
// What a share of a peak is in FLOP/s or bytes/s, for messages.
#pragma once

#include <string>
#include <string_view>

#include "hardware-catalog/catalog.h"

namespace kvsim::models {

// "1187 TFLOP/s beside the peak of 989.5 TFLOP/s of H100-SXM-80"; empty for a coefficient that is no share,
// or whose peak the catalog does not know.
std::string attained_speed(std::string_view coefficient, double share, const Accelerator& accelerator);

}  // namespace kvsim::models
