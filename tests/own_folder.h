// SPDX-License-Identifier: Apache-2.0
// A folder of this process's own under the system's temporary one: tests run side by side.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace kvsim {

inline std::filesystem::path own_folder(const std::string& name) {
  return std::filesystem::temp_directory_path() / (name + "_" + std::to_string(getpid()));
}

}  // namespace kvsim
