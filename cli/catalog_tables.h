// SPDX-License-Identifier: Apache-2.0
// Accelerators, models and prices as text.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "hardware-catalog/catalog.h"
#include "models/model_card.h"

namespace kvsim::cli {

constexpr std::array<std::uint32_t, 4> kShownTensorParallel{1, 2, 4, 8};

using PriceFigure = std::pair<std::string_view, const std::optional<Figure>&>;
std::array<PriceFigure, 4> price_figures(const Price& price);  // key and figure, in order of columns

// One line each; the last column names what is unverified.
std::string accelerator_table(const Catalog& catalog);
std::string model_table(const models::ModelLibrary& library);
std::string price_table(const Catalog& catalog);

// Every figure with its source and date; `price` may be nullptr.
std::string accelerator_page(const Accelerator& accelerator, const Price* price);
std::string model_page(const models::ModelCard& card);

}  // namespace kvsim::cli
