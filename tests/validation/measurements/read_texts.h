// SPDX-License-Identifier: Apache-2.0
// Measurements out of texts, put into files of a folder of this process's own.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "tests/own_folder.h"
#include "validation/measurements/measurements.h"

namespace kvsim::validation {

using Texts = std::map<std::string, std::string>;  // text by path in the folder

inline std::filesystem::path folder_with(const Texts& texts) {
  const std::filesystem::path folder = own_folder("kvsim_measurements");
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  for (const auto& [name, text] : texts) {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << text;
  }
  return folder;
}

inline std::vector<Measurements> runs_of(const Texts& texts, const MeasurementOptions& options = {}) {
  Problems problems;
  auto runs = read_measurements(folder_with(texts).string(), problems, options);
  problems.throw_if_any();
  return runs;
}

inline std::string faults_of(const Texts& texts) {
  Problems problems;
  read_measurements(folder_with(texts).string(), problems);
  std::string text;
  for (const Problem& problem : problems.all()) text += to_string(problem) + "\n";
  return text;
}

inline double value_of(const Measurements& run, const std::string& metric, const std::string& statistic = "",
                       std::optional<std::uint32_t> stage = {}) {
  for (const MeasuredFigure& figure : run.figures)
    if (figure.metric == metric && figure.statistic == statistic && figure.stage == stage)
      return figure.value;
  return -1;  // no figure is negative
}

}  // namespace kvsim::validation
