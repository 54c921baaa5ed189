// SPDX-License-Identifier: Apache-2.0
// Accelerators, models and prices as JSON objects. A figure is {value, low, high, source, date, unverified,
// note}.
#pragma once

#include "base/json_writer.h"
#include "hardware-catalog/catalog.h"
#include "models/model_card.h"

namespace kvsim::cli {

void write_accelerator(JsonWriter& json, const Accelerator& accelerator);
void write_price(JsonWriter& json, std::string_view accelerator, const Price& price);
void write_model(JsonWriter& json, const models::ModelCard& card);  // weights and KV at TP 1, 2, 4, 8 too

}  // namespace kvsim::cli
