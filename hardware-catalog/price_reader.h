// SPDX-License-Identifier: Apache-2.0
// One document `prices:`; its form is in docs/catalog.md.
#pragma once

#include <string>
#include <vector>

#include "base/document.h"
#include "base/errors.h"
#include "hardware-catalog/catalog.h"

namespace kvsim {

struct PriceRow {
  std::string accelerator;  // name or alias
  Location where;
  Price price;
};

std::vector<PriceRow> read_prices(const Document& document, Problems& problems);

}  // namespace kvsim
