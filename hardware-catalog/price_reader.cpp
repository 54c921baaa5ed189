// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/price_reader.h"

#include <algorithm>

#include "hardware-catalog/figures.h"

namespace kvsim {
namespace {

constexpr NumberRange kAmount{0, 1e9};

std::string read_currency(Fields& fields) {
  const std::string currency = fields.text("currency");
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (fields.has("currency") &&
      (currency.size() != 3 || !std::all_of(currency.begin(), currency.end(), is_capital))) {
    fields.problem("currency", "found '" + currency + "'",
                   "give a code of three capitals, such as USD or EUR");
  }
  return currency;
}

std::optional<Figure> read_amount(Fields& row, std::string_view key, const Sources& sources) {
  if (row.raw(key) == nullptr) return std::nullopt;
  return read_figure(row, key, kAmount, sources);
}

Price read_price(Fields& row, const std::string& currency, const Sources& sources) {
  Price price;
  price.currency = currency;
  price.purchase = read_amount(row, "purchase", sources);
  price.rent_per_hour = read_amount(row, "rent_per_hour", sources);
  price.rent_three_years_per_hour = read_amount(row, "rent_three_years_per_hour", sources);
  price.own_per_hour = read_amount(row, "own_per_hour", sources);
  row.finish();
  return price;
}

}  // namespace

std::vector<PriceRow> read_prices(const Document& document, Problems& problems) {
  Fields root(document, problems);
  Fields fields = root.map("prices");
  const std::string currency = read_currency(fields);
  const Sources sources = read_sources(fields);
  std::vector<PriceRow> rows;
  for (auto& [accelerator, row] : fields.named_maps("accelerators")) {
    rows.push_back({accelerator, row.location(), read_price(row, currency, sources)});
  }
  fields.finish();
  root.finish();
  return rows;
}

}  // namespace kvsim
