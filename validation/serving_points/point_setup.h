// SPDX-License-Identifier: Apache-2.0
// What kvsim has to stand for a published point: accelerator, model card, types, ranks, kind of load - or why
// it has nothing.
#pragma once

#include <string>
#include <variant>

#include "hardware-catalog/catalog.h"
#include "models/memory.h"
#include "models/model_card.h"
#include "validation/serving_points/serving_point.h"

namespace kvsim::validation {

enum class PointKind { kStaticBatch, kFirstToken, kSteady, kOffline };
const char* name(PointKind kind);  // "static batch", "first token", "steady", "offline"

struct PointSetup {
  PointKind kind = PointKind::kStaticBatch;
  const Accelerator* accelerator = nullptr;
  const models::ModelCard* card = nullptr;
  models::Types types;
  std::uint32_t accelerators = 1;
  std::uint32_t tp = 1;        // 0: not told; offline only
  std::string engine;          // its family
  bool hides_planning = true;  // the CPU plans a step while the device computes the one before
  double input_tokens = 0, output_tokens = 0;  // of a request
  // Requests together: of a static batch as published; steady: sequences that decode, in the mean, by
  // Little's law from the measured output tokens/s and TPOT; offline: 0, as many as memory holds.
  double batch = 0;
  double measured_seconds = 0;  // of the quantity that point_seconds.h computes for the kind
};

struct Unusable {
  std::string reason;  // one of a few
  std::string detail;  // what of the row
};

std::variant<PointSetup, Unusable> set_up(const ServingPoint& point, const Catalog& catalog,
                                          const models::ModelLibrary& library);

}  // namespace kvsim::validation
