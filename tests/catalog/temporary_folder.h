// SPDX-License-Identifier: Apache-2.0
// A folder that is gone with the test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/files.h"

namespace kvsim {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    std::string unique =
        std::string(test->test_suite_name()) + "." + test->name() + "." + std::to_string(getpid());
    std::replace(unique.begin(), unique.end(), '/', '_');  // of parameterised tests
    folder_ = std::filesystem::temp_directory_path() / ("kvsim-test-" + unique);
    std::filesystem::create_directories(folder_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(folder_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return folder_.string(); }
  std::string add(const std::string& name, std::string_view content) const {
    const std::string file = (folder_ / name).string();
    write_file(file, content);
    return file;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace kvsim
