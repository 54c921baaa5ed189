// SPDX-License-Identifier: Apache-2.0
// The documents of a data folder or of a user's overlay. What a document describes shows in the key that
// names it: `accelerator: NAME`, `model: NAME`, `prices:`, `copies:` or `storage_kinds:`; a performance
// profile has `kind:` and `coefficients:`; a .json file is the config.json of a Hugging Face model.
#pragma once

#include <string>
#include <vector>

#include "base/document.h"
#include "base/errors.h"

namespace kvsim {

enum class DataKind { kAccelerator, kPrices, kCopies, kStorageKinds, kModel, kHuggingFaceConfig, kProfile };

struct DataDocument {
  DataKind kind;
  Document document;
  Location where() const { return document.root->place_in(document.file); }
};

// `path` is a file or a folder, read to the bottom in order of names: *.yaml, *.yml and config.json, at most
// 10,000. Files that cannot be read or describe nothing known go to `problems`.
std::vector<DataDocument> load_data(const std::string& path, Problems& problems);

}  // namespace kvsim
