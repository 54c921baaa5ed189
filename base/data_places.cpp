// SPDX-License-Identifier: Apache-2.0
#include "base/data_places.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "base/errors.h"

namespace kvsim {
namespace {

namespace fs = std::filesystem;

bool holds_data(const fs::path& place) {
  std::error_code unknown;
  return fs::is_directory(place / "hardware-catalog", unknown) && fs::is_directory(place / "models", unknown);
}

// A link is followed, so that faults are told at the place where the file lies.
std::vector<fs::path> places_near_the_program() {
  std::error_code unknown;
  const fs::path folder = fs::read_symlink("/proc/self/exe", unknown).parent_path();
  if (unknown)
    throw InputError({{{"/proc/self/exe"},
                       "",
                       "cannot tell where this program lies: " + unknown.message(),
                       "mount /proc, or set KVSIM_DATA_DIR to the folder of hardware-catalog and models"}});
  std::vector<fs::path> places;
  for (const char* way : {"kvsim-data", KVSIM_DATA_FROM_PROGRAM})
    places.push_back(fs::weakly_canonical(folder / way, unknown));
  return places;
}

// The value of a variable that must be an absolute path to count.
fs::path absolute_path_in(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value == '/' ? fs::path(value) : fs::path();
}

}  // namespace

std::string data_directory() {
  if (const char* named = std::getenv("KVSIM_DATA_DIR"); named != nullptr && *named != '\0') {
    if (holds_data(named)) return named;
    throw InputError({{{named},
                       "",
                       "$KVSIM_DATA_DIR has no folders hardware-catalog and models",
                       "correct or unset the variable"}});
  }
  std::string tried;
  for (const fs::path& place : places_near_the_program()) {
    if (holds_data(place)) return place.string();
    tried += (tried.empty() ? "" : ", ") + place.string();
  }
  throw InputError(
      {{{},
        "",
        "found no data folder; tried " + tried,
        "install kvsim again, or set KVSIM_DATA_DIR to the folder of hardware-catalog and models"}});
}

std::string user_data_directory() {
  if (const fs::path configuration = absolute_path_in("XDG_CONFIG_HOME"); !configuration.empty())
    return (configuration / "kvsim").string();
  const fs::path home = absolute_path_in("HOME");
  return home.empty() ? "" : (home / ".config" / "kvsim").string();
}

}  // namespace kvsim
