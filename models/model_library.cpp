// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "base/data_places.h"
#include "hardware-catalog/data_files.h"
#include "hardware-catalog/named.h"
#include "models/hugging_face.h"
#include "models/model_card.h"
#include "models/model_card_reader.h"

namespace kvsim::models {
namespace {

// `models/my-model/config.json` and `my-model.json` are both "my-model".
std::string name_of_config(const std::string& file) {
  const std::filesystem::path path = std::filesystem::absolute(file);
  return path.filename() == "config.json" ? path.parent_path().filename().string() : path.stem().string();
}

void read_layer(const std::string& path, int layer, NamedLayers<ModelCard>& cards, Problems& problems) {
  for (const DataDocument& data : load_data(path, problems)) {
    const Document& document = data.document;
    if (data.kind == DataKind::kModel) {
      cards.add(read_model_card(document, problems), data.where(), layer, problems);
    } else if (data.kind == DataKind::kHuggingFaceConfig) {
      cards.add(read_hugging_face(document, name_of_config(document.file), problems), data.where(), layer,
                problems);
    }
  }
}

}  // namespace

ModelLibrary ModelLibrary::load(const std::string& folder, const std::vector<std::string>& overlays) {
  Problems problems;
  NamedLayers<ModelCard> cards;
  read_layer(folder, 0, cards, problems);
  for (std::size_t i = 0; i < overlays.size(); ++i) {
    read_layer(overlays[i], static_cast<int>(i) + 1, cards, problems);
  }
  ModelLibrary library;
  library.cards_ = cards.take(problems);
  problems.throw_if_any();
  return library;
}

ModelLibrary ModelLibrary::load_default(const std::vector<std::string>& overlays) {
  return load(data_directory() + "/models/cards", overlays);
}

const ModelCard* ModelLibrary::find(std::string_view name_or_alias) const {
  return find_named(cards_, name_or_alias);
}

std::vector<std::string> ModelLibrary::names() const { return names_of(cards_); }

}  // namespace kvsim::models
