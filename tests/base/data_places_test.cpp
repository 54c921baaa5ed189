// SPDX-License-Identifier: Apache-2.0
#include "base/data_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/base/bad_input.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// Each test is a process of its own under ctest; alone, one leaves the environment as it found it.
class DataPlaces : public testing::Test {
 protected:
  DataPlaces() {
    for (const char* name : {"KVSIM_DATA_DIR", "XDG_CONFIG_HOME", "HOME"})
      if (const char* value = std::getenv(name)) before_.emplace_back(name, value);
  }
  ~DataPlaces() override {
    for (const char* name : {"KVSIM_DATA_DIR", "XDG_CONFIG_HOME", "HOME"}) unsetenv(name);
    for (const auto& [name, value] : before_) setenv(name.c_str(), value.c_str(), 1);
    fs::remove_all(folder_);
  }

  const fs::path folder_ = own_folder("kvsim_places");
  std::vector<std::pair<std::string, std::string>> before_;
};

TEST_F(DataPlaces, AreThoseOfTheBuildWhereNobodyNamesOthers) {
  unsetenv("KVSIM_DATA_DIR");
  EXPECT_EQ(data_directory(), fs::canonical(KVSIM_SOURCE_DIR));
  setenv("KVSIM_DATA_DIR", "", 1);
  EXPECT_EQ(data_directory(), fs::canonical(KVSIM_SOURCE_DIR));
}

TEST_F(DataPlaces, AreTheOnesThatTheUserNamesOrNone) {
  fs::create_directories(folder_ / "hardware-catalog");
  setenv("KVSIM_DATA_DIR", folder_.c_str(), 1);
  EXPECT_THAT(input_error([] { data_directory(); }), HasSubstr("$KVSIM_DATA_DIR has no folders"));
  fs::create_directories(folder_ / "models");
  EXPECT_EQ(data_directory(), folder_.string());
}

TEST_F(DataPlaces, UsersOwnAreWhereConfigurationIs) {
  setenv("HOME", "/home/me", 1);
  unsetenv("XDG_CONFIG_HOME");
  EXPECT_EQ(user_data_directory(), "/home/me/.config/kvsim");
  setenv("XDG_CONFIG_HOME", "/etc/mine", 1);
  EXPECT_EQ(user_data_directory(), "/etc/mine/kvsim");
  setenv("XDG_CONFIG_HOME", "from/somewhere", 1);  // the convention ignores paths that depend on the place
  EXPECT_EQ(user_data_directory(), "/home/me/.config/kvsim");
  unsetenv("HOME");
  EXPECT_EQ(user_data_directory(), "");
}

}  // namespace
}  // namespace kvsim
