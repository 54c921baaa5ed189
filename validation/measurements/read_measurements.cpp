// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "validation/measurements/formats.h"

namespace kvsim::validation {
namespace {

namespace fs = std::filesystem;
using Format = MeasurementFormat;

constexpr std::uintmax_t kLargestFileBytes = 64 << 20;
constexpr std::uintmax_t kLargestMetricsBytes = 512 << 20;  // of text that is read line by line
constexpr std::size_t kMostFiles = 10'000;
constexpr std::size_t kNamedUnknown = 10;

std::string without_last_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

std::uintmax_t largest_bytes(const fs::path& path) {
  std::error_code unknown;
  if (!fs::is_regular_file(path, unknown)) return kLargestFileBytes;  // it could be read only once
  std::array<char, 7> start{};
  std::ifstream(path, std::ios::binary).read(start.data(), start.size());
  const std::string_view text(start.data(), start.size());
  return text == "# TYPE " || text == "# HELP " ? kLargestMetricsBytes : kLargestFileBytes;
}

class PathReader {
 public:
  PathReader(const std::string& path, Problems& problems, const MeasurementOptions& options)
      : root_(without_last_slash(path)), problems_(problems), options_(options) {
    std::error_code unknown;
    is_folder_ = fs::is_directory(root_, unknown);
  }

  std::vector<Measurements> read() {
    for (const fs::path& file : is_folder_ ? files_below() : std::vector<fs::path>{root_}) load(file);
    for (auto& [place, files] : groups_) read_group(place.first, files);
    give_unique_names();
    if (runs_.empty() && problems_.empty())
      problems_.add({root_.string()}, "", "found no measurements",
                    "give a file or folder of a format that docs/measurements.md lists");
    if (!runs_.empty() && !unknown_.empty()) runs_.front().notes.push_back(unknown_note());
    return std::move(runs_);
  }

 private:
  using Groups = std::map<std::pair<std::string, Format>, MeasuredFiles>;  // by folder, or by file

  std::vector<fs::path> files_below() {
    std::vector<fs::path> files;
    std::error_code error;
    fs::recursive_directory_iterator at(root_, fs::directory_options::skip_permission_denied, error), end;
    for (; !error && at != end && files.size() <= kMostFiles; at.increment(error))
      if (std::error_code ignored; at->is_regular_file(ignored)) files.push_back(at->path());
    if (error)
      problems_.add({root_.string()}, "", "cannot be listed: " + error.message(), "make it readable");
    if (files.size() > kMostFiles)
      problems_.add({root_.string()}, "", fmt::format("holds more than {} files", kMostFiles),
                    "give a folder below it");
    std::sort(files.begin(), files.end());
    return files;
  }

  std::string below_root(const fs::path& path) const {
    return is_folder_ ? path.lexically_relative(root_).string() : path.string();
  }

  // In a folder, a file that is no document of a known kind stands there for another reason.
  void load(const fs::path& path) {
    std::error_code ignored;
    const std::uintmax_t largest = largest_bytes(path);
    if (is_folder_ && fs::file_size(path, ignored) > largest)
      return unknown_.push_back(fmt::format("{} (over {} MiB)", below_root(path), largest >> 20));
    try {
      MeasuredFile file = recognise(path.string(), read_file(path.string(), largest));
      if (file.format == Format::kUnknown) return unknown_.push_back(below_root(path));
      const fs::path place = is_folder_ && reader_of(file.format).by_folder ? path.parent_path() : path;
      groups_[{place.string(), file.format}].push_back(std::move(file));
    } catch (const InputError& error) {
      const bool for_us = !is_folder_ || path.extension() == ".json" || path.extension() == ".yaml";
      if (!for_us) return unknown_.push_back(below_root(path));
      for (const Problem& problem : error.problems())
        problems_.add(problem.where, problem.path, problem.message, problem.remedy);
    }
  }

  void read_group(const fs::path& place, const MeasuredFiles& files) {
    const FormatReader& reader = reader_of(files.front().format);
    for (Measurements& run : reader.read(files, options_, problems_)) {
      run.format = reader.words;
      for (const MeasuredFile& file : files) run.files.push_back(file.path);
      if (run.name.empty()) run.name = name_of(place);
      std::stable_sort(run.figures.begin(), run.figures.end(),
                       [](const MeasuredFigure& a, const MeasuredFigure& b) { return a.stage < b.stage; });
      runs_.push_back(std::move(run));
    }
  }

  // The way below the folder, or the file's name, without its ending.
  std::string name_of(const fs::path& place) const {
    std::string name = is_folder_ && place != root_ ? below_root(place) : place.filename().string();
    if (name == "." || name == "..")
      name = fs::absolute(place).lexically_normal().parent_path().filename().string();
    for (const std::string_view ending : {".json", ".yaml", ".yml", ".csv", ".txt", ".prom"})
      if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
    return name;
  }

  void give_unique_names() {
    std::set<std::string> names;
    for (Measurements& run : runs_) {
      const std::string wanted = run.name;
      for (int copy = 2; !names.insert(run.name).second; ++copy)
        run.name = fmt::format("{} ({})", wanted, copy);
    }
  }

  std::string unknown_note() const {
    std::vector<std::string> named(unknown_.begin(), unknown_.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                            unknown_.size(), kNamedUnknown)));
    for (std::string& name : named) name = shortened(name);
    if (unknown_.size() > named.size())
      named.push_back(fmt::format("and {} more", unknown_.size() - named.size()));
    return "files of no format that is read: " + join(named, ", ");
  }

  fs::path root_;
  bool is_folder_ = false;
  Problems& problems_;
  MeasurementOptions options_;
  Groups groups_;
  std::vector<Measurements> runs_;
  std::vector<std::string> unknown_;
};

}  // namespace

std::vector<Measurements> read_measurements(const std::string& path, Problems& problems,
                                            const MeasurementOptions& options) {
  return PathReader(path, problems, options).read();
}

}  // namespace kvsim::validation
