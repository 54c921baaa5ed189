// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/catalog.h"

#include "base/data_places.h"
#include "base/errors.h"
#include "base/text.h"
#include "hardware-catalog/accelerator_reader.h"
#include "hardware-catalog/data_files.h"
#include "hardware-catalog/named.h"
#include "hardware-catalog/price_reader.h"
#include "hardware-catalog/tier_figures.h"

namespace kvsim {
namespace {

struct NamedDocument {
  std::string name;
  Document document;
};

struct NamedPrice {
  std::string name;  // of the accelerator
  Price price;
};

// What the files of all layers hold, before it is known which accelerators there are.
struct Layers {
  NamedLayers<Accelerator> accelerators;
  NamedLayers<StorageKind> storage_kinds;
  NamedLayers<NamedDocument> copies;
  std::vector<std::vector<PriceRow>> prices;  // by layer
};

void read_layer(const std::string& place, Layers& layers, Problems& problems) {
  const int layer = static_cast<int>(layers.prices.size());
  layers.prices.emplace_back();
  for (const DataDocument& data : load_data(place, problems)) {
    if (data.kind == DataKind::kAccelerator) {
      layers.accelerators.add(read_accelerator(data.document, problems), data.where(), layer, problems);
    } else if (data.kind == DataKind::kPrices) {
      for (PriceRow& row : read_prices(data.document, problems))
        layers.prices.back().push_back(std::move(row));
    } else if (data.kind == DataKind::kStorageKinds) {
      for (StorageKind& kind : read_storage_kinds(data.document, problems))
        layers.storage_kinds.add(std::move(kind), data.where(), layer, problems);
    } else if (data.kind == DataKind::kCopies) {
      layers.copies.add({"copies", data.document}, data.where(), layer, problems);
    }
  }
}

std::vector<NamedPrice> priced(std::vector<std::vector<PriceRow>> layers, const Catalog& catalog,
                               Problems& problems) {
  NamedLayers<NamedPrice> prices;
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    for (PriceRow& row : layers[layer]) {
      if (const Accelerator* known = catalog.find(row.accelerator)) {
        prices.add({known->name, std::move(row.price)}, row.where, static_cast<int>(layer), problems);
      } else {
        problems.add(row.where, "prices.accelerators",
                     "found the unknown accelerator '" + row.accelerator + "'",
                     valid_names_remedy(row.accelerator, catalog.names()));
      }
    }
  }
  return prices.take(problems);
}

}  // namespace

ArithmeticRate Accelerator::rate(NumberType type) const {
  const auto found = arithmetic.find(type);
  return found == arithmetic.end() ? ArithmeticRate() : found->second;
}

Catalog Catalog::load(const std::string& folder, const std::vector<std::string>& overlays) {
  Problems problems;
  Layers layers;
  read_layer(folder, layers, problems);
  for (const std::string& overlay : overlays) read_layer(overlay, layers, problems);
  Catalog catalog;
  catalog.accelerators_ = layers.accelerators.take(problems);
  for (StorageKind& kind : layers.storage_kinds.take(problems))
    catalog.storage_kinds_.emplace(kind.name, std::move(kind));
  for (const NamedDocument& copies : layers.copies.take(problems))
    catalog.take_copies(copies.document, problems);
  for (NamedPrice& one : priced(std::move(layers.prices), catalog, problems))
    catalog.prices_.emplace(one.name, std::move(one.price));
  problems.throw_if_any();
  return catalog;
}

void Catalog::take_copies(const Document& document, Problems& problems) {
  copies_ = read_copies(document, problems);
  const Accelerator* measured = find(copies_->measured_on);
  if (measured != nullptr) {
    copies_->measured_on = measured->name;
  } else if (!copies_->measured_on.empty()) {
    problems.add({document.file, document.root->line, document.root->column}, "copies.measured_on",
                 "found the unknown accelerator '" + copies_->measured_on + "'",
                 valid_names_remedy(copies_->measured_on, names()));
  }
}

Catalog Catalog::load_default(const std::vector<std::string>& overlays) {
  return load(data_directory() + "/hardware-catalog", overlays);
}

const Accelerator* Catalog::find(std::string_view name_or_alias) const {
  return find_named(accelerators_, name_or_alias);
}

std::vector<std::string> Catalog::names() const { return names_of(accelerators_); }

const Price* Catalog::price(std::string_view name_or_alias) const {
  const Accelerator* priced = find(name_or_alias);
  const auto found = priced == nullptr ? prices_.end() : prices_.find(priced->name);
  return found == prices_.end() ? nullptr : &found->second;
}

}  // namespace kvsim
