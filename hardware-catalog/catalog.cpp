// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/catalog.h"

#include "base/errors.h"
#include "base/files.h"
#include "base/text.h"
#include "hardware-catalog/accelerator_reader.h"
#include "hardware-catalog/data_files.h"
#include "hardware-catalog/named.h"
#include "hardware-catalog/price_reader.h"
#include "hardware-catalog/tier_figures.h"

namespace kvsim {

ArithmeticRate Accelerator::rate(NumberType type) const {
  const auto found = arithmetic.find(type);
  return found == arithmetic.end() ? ArithmeticRate() : found->second;
}

Catalog Catalog::load(const std::string& folder, const std::vector<std::string>& overlays) {
  Problems problems;
  NamedLayers<Accelerator> accelerators;
  std::vector<PriceRow> rows;
  std::optional<DataDocument> copies;
  Catalog catalog;
  const auto read_layer = [&](const std::string& path, int layer) {
    for (const DataDocument& data : load_data(path, problems)) {
      if (data.kind == DataKind::kAccelerator) {
        const Location where{data.document.file, data.document.root->line, data.document.root->column};
        accelerators.add(read_accelerator(data.document, problems), where, layer, problems);
      } else if (data.kind == DataKind::kPrices) {
        for (PriceRow& row : read_prices(data.document, problems)) rows.push_back(std::move(row));
      } else if (data.kind == DataKind::kStorageKinds) {
        for (StorageKind& kind : read_storage_kinds(data.document, problems))
          catalog.storage_kinds_.insert_or_assign(kind.name, std::move(kind));
      } else if (data.kind == DataKind::kCopies) {
        copies = data;
      }
    }
  };
  read_layer(folder, 0);
  for (std::size_t i = 0; i < overlays.size(); ++i) read_layer(overlays[i], static_cast<int>(i) + 1);

  catalog.accelerators_ = accelerators.take(problems);
  if (copies) catalog.take_copies(copies->document, problems);
  for (PriceRow& row : rows) {
    if (const Accelerator* priced = catalog.find(row.accelerator)) {
      catalog.prices_.insert_or_assign(priced->name, std::move(row.price));
    } else {
      problems.add(row.where, "prices.accelerators",
                   "found the unknown accelerator '" + row.accelerator + "'",
                   valid_names_remedy(row.accelerator, catalog.names()));
    }
  }
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
