// SPDX-License-Identifier: Apache-2.0
// Any bytes as files of measurements: data sets or faults, never anything else. A NUL byte ends the first of
// two files of one folder.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "validation/measurements/formats.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kvsim::validation;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = bytes.find('\0');
  std::map<MeasurementFormat, MeasuredFiles> files;
  try {
    const auto add = [&](const std::string& name, std::string text) {
      MeasuredFile file = recognise(name, std::move(text));
      files[file.format].push_back(std::move(file));
    };
    add("first", bytes.substr(0, end));
    if (end != std::string::npos) add("second", bytes.substr(end + 1));
    files.erase(MeasurementFormat::kUnknown);
    kvsim::Problems problems;
    for (const auto& [format, of_format] : files) reader_of(format).read(of_format, {}, problems);
  } catch (const kvsim::InputError&) {
  }
  return 0;
}
