// SPDX-License-Identifier: Apache-2.0
// `saturationDetector` and `flowControl` of an EndpointPickerConfig.
#pragma once

#include <string>

#include "base/fields.h"
#include "sim/scenario/epp_draft.h"

namespace kvsim::sim {

// Name of the detector, at the top or in flowControl; without one a utilization-detector. In older files its
// thresholds stand at the top.
std::string read_saturation_detector(Fields& root, Fields& flow, EppDraft& draft);

// What a band leaves out is as the default band of its sign says. Without the feature gate the block means
// nothing, which is noted.
FlowControlSettings read_flow_control(Fields& flow, bool enabled, EppDraft& draft);

}  // namespace kvsim::sim
