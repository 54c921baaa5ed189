// SPDX-License-Identifier: Apache-2.0
#include "planner/kept_inputs.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/data_places.h"
#include "base/document.h"
#include "base/fields.h"
#include "base/files.h"
#include "base/json_writer.h"

namespace kvsim::planner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 10'000;
constexpr const char* kData[] = {"hardware-catalog", "models", "traces/population", "sim/routing/presets"};

bool is_yaml(const fs::path& path) { return path.extension() == ".yaml" || path.extension() == ".yml"; }

// Where the user sees it: links are not followed, so that a folder keeps what it links to.
fs::path seen_place(const fs::path& path) {
  const fs::path place = fs::absolute(path).lexically_normal();
  return place.has_filename() ? place : place.parent_path();
}

bool lies_in(const fs::path& file, const fs::path& place) {
  return std::mismatch(place.begin(), place.end(), file.begin(), file.end()).first == place.end();
}

// Files, each once, and what YAML files among them name.
class FileList {
 public:
  void add(const fs::path& path) {
    std::error_code unknown;
    const fs::path file = seen_place(path);
    if (!fs::is_regular_file(path, unknown) || !files_.emplace(file, path).second) return;
    if (files_.size() > kMostFiles)
      throw InputError({{{path.string()}, "", "names more than 10000 files", "name fewer"}});
    if (!is_yaml(file)) return;
    for (const Document& document : load_yaml_documents(path.string()))
      add_named(*document.root, path.parent_path());
  }
  void add_all(const std::vector<std::string>& places) {
    for (const std::string& place : places) {
      add(place);
      if (!fs::is_directory(place)) continue;
      for (const auto& entry : fs::recursive_directory_iterator(place)) add(entry.path());
    }
  }
  const std::map<fs::path, fs::path>& files() const { return files_; }  // how to open each, by its place

  // The deepest folder that holds all of them.
  fs::path root() const {
    fs::path root = files_.begin()->first.parent_path();
    for (const auto& [file, opened] : files_) {
      const auto end = std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first;
      fs::path common;
      for (auto part = root.begin(); part != end; ++part) common /= *part;
      root = common;
    }
    return root;
  }

  // From the root; those in which no file lies are left out.
  std::vector<std::string> kept(const std::vector<std::string>& places) const {
    std::vector<std::string> paths;
    for (const std::string& named : places) {
      const fs::path place = seen_place(named);
      const auto first = files_.lower_bound(place);
      if (first != files_.end() && lies_in(first->first, place))
        paths.push_back(place.lexically_relative(root()).string());
    }
    return paths;
  }

 private:
  void add_named(const Node& node, const fs::path& folder) {
    if (node.is_scalar() && !node.scalar.empty() && node.scalar.size() < 1024 && node.scalar.front() != '/')
      add(folder / node.scalar.substr(0, node.scalar.find('#')));
    for (const Node& item : node.items) add_named(item, folder);
    for (const Member& member : node.members) add_named(member.second, folder);
  }

  std::map<fs::path, fs::path> files_;
};

void copy_into(const fs::path& from, const fs::path& to) {
  write_file(to.string(), read_file(from.string(), std::uint64_t{1} << 40));
}

void copy_data(const fs::path& to) {
  for (const char* part : kData) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(data_directory()) / part))
      if (entry.is_regular_file() && is_yaml(entry.path()))
        copy_into(entry.path(), to / fs::relative(entry.path(), data_directory()));
  }
}

void add_texts(JsonWriter& json, const char* key, const std::vector<std::string>& texts) {
  json.key(key).begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write_command(const std::string& path, const KeptInputs& kept) {
  write_file(path, [&kept](std::ostream& out) {
    JsonWriter json(out);
    json.begin_object().member("version", KVSIM_VERSION).member("problem", kept.problem);
    json.member("with_what_if", kept.with_what_if);
    json.key("overlays").begin_object();
    add_texts(json, "catalog", kept.overlays.catalog);
    add_texts(json, "models", kept.overlays.models);
    add_texts(json, "profiles", kept.overlays.profiles);
    json.end_object().end_object();
  });
}

fs::path inputs_of(const std::string& folder) { return fs::absolute(folder) / "inputs"; }

}  // namespace

KeptInputs keep_inputs(const std::string& problem, const sim::Overlays& overlays, bool with_what_if,
                       const std::string& folder) {
  FileList list;
  list.add(problem);
  for (const auto* places : {&overlays.catalog, &overlays.models, &overlays.profiles}) list.add_all(*places);
  const fs::path root = list.root(), inputs = inputs_of(folder);
  fs::remove_all(inputs);
  for (const auto& [file, opened] : list.files())
    copy_into(opened, inputs / "files" / file.lexically_relative(root));
  copy_data(inputs / "data");
  KeptInputs kept{(inputs / "files").string(),
                  seen_place(problem).lexically_relative(root).string(),
                  {list.kept(overlays.catalog), list.kept(overlays.models), list.kept(overlays.profiles)},
                  with_what_if};
  write_command((inputs / "command.json").string(), kept);
  return kept;
}

KeptInputs kept_inputs(const std::string& folder) {
  const fs::path inputs = inputs_of(folder);
  if (!fs::exists(inputs / "command.json"))
    throw InputError({{{folder},
                       "",
                       "this is no folder of a plan: it has no inputs/command.json",
                       "name what `kvsim plan --out` wrote"}});
  const Document command = load_json((inputs / "command.json").string());
  Problems problems;
  Fields fields(command, problems);
  const std::string version = fields.text("version");
  if (!version.empty() && version != KVSIM_VERSION)
    fields.problem("version", "the plan was made by version " + version,
                   std::string("this is ") + KVSIM_VERSION);
  KeptInputs kept{(inputs / "files").string(), fields.text("problem"), {}, fields.boolean("with_what_if")};
  Fields overlays = fields.map("overlays");
  kept.overlays = {overlays.texts("catalog"), overlays.texts("models"), overlays.texts("profiles")};
  overlays.finish();
  fields.finish();
  problems.throw_if_any();
  return kept;
}

std::string kept_data(const std::string& folder) { return (inputs_of(folder) / "data").string(); }

}  // namespace kvsim::planner
