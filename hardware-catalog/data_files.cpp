// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/data_files.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "base/yaml_kind.h"

namespace kvsim {
namespace {

constexpr std::size_t kMostFiles = 10'000;

bool is_data_file(const std::filesystem::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml" || path.filename() == "config.json";
}

std::vector<std::string> files_under(const std::string& folder, Problems& problems) {
  std::vector<std::string> files;
  std::error_code error;
  std::string at = folder;
  std::filesystem::recursive_directory_iterator entry(folder, error);
  for (const auto end = std::filesystem::recursive_directory_iterator(); !error && entry != end;
       entry.increment(error)) {
    at = entry->path().string();
    if (!is_data_file(entry->path()) || entry->is_directory(error)) continue;
    files.push_back(at);
    if (files.size() > kMostFiles) {
      problems.add({folder, 0, 0}, "", "found more than 10,000 data files", "name a smaller folder");
      return {};
    }
  }
  if (error)
    problems.add({at, 0, 0}, "", "cannot list the folder: " + error.message(), "check its permissions");
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<DataKind> kind_of(const Document& document) {
  const std::string kind = kind_of_yaml(*document.root);
  if (kind == "profile") return DataKind::kProfile;
  if (!kind.empty()) return std::nullopt;
  if (document.root->find("accelerator")) return DataKind::kAccelerator;
  if (document.root->find("prices")) return DataKind::kPrices;
  if (document.root->find("copies")) return DataKind::kCopies;
  if (document.root->find("storage_kinds")) return DataKind::kStorageKinds;
  if (document.root->find("kind")) return DataKind::kProfile;
  if (document.root->find("model")) return DataKind::kModel;
  return std::nullopt;
}

std::string but_others(const Document& document) {
  const std::string kind = kind_of_yaml(*document.root);
  return kind.empty() ? "" : ", but the keys of a " + kind;
}

void load_file(const std::string& file, std::vector<DataDocument>& loaded, Problems& problems) {
  if (std::filesystem::path(file).extension() == ".json") {
    loaded.push_back({DataKind::kHuggingFaceConfig, load_json(file)});
    return;
  }
  for (Document& document : load_yaml_documents(file)) {
    if (const auto kind = kind_of(document)) {
      loaded.push_back({*kind, std::move(document)});
    } else {
      problems.add(
          {file, document.root->line, document.root->column}, "",
          "found no accelerator, model, prices, copies, storage kinds or profile" + but_others(document),
          "begin with `accelerator: NAME`, `model: NAME`, `prices:`, `copies:` or "
          "`storage_kinds:`, or give `kind:` and `coefficients:` of a profile");
    }
  }
}

}  // namespace

std::vector<DataDocument> load_data(const std::string& path, Problems& problems) {
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(path, error);
  std::vector<DataDocument> loaded;
  for (const std::string& file : is_folder ? files_under(path, problems) : std::vector<std::string>{path}) {
    try {
      load_file(file, loaded, problems);
    } catch (const InputError& fault) {
      problems.take_over(fault);
    }
  }
  return loaded;
}

}  // namespace kvsim
