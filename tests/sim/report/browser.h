// SPDX-License-Identifier: Apache-2.0
// What a browser makes of a page.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/files.h"
#include "tests/own_folder.h"

namespace kvsim::sim {

inline std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// What headless Chromium makes of a page: its DOM after the scripts, then what it had to say.
inline std::string rendered(const std::string& page) {
  const std::filesystem::path folder = own_folder("kvsim_page_test");
  write_file((folder / "page.html").string(), page);
  const std::string command =
      "timeout 60 chromium --headless --no-sandbox --disable-gpu --enable-logging=stderr --user-data-dir=" +
      (folder / "profile").string() + " --virtual-time-budget=5000 --dump-dom file://" +
      (folder / "page.html").string() + " 2>&1";
  std::string text;
  if (FILE* pipe = popen(command.c_str(), "r")) {
    char block[4096];
    for (std::size_t size; (size = fread(block, 1, sizeof block, pipe)) > 0;) text.append(block, size);
    pclose(pipe);
  }
  std::error_code ignored;  // the browser may still be clearing its profile
  std::filesystem::remove_all(folder, ignored);
  return text;
}

class Chromium : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v chromium >/dev/null 2>&1") != 0) GTEST_SKIP() << "no chromium here";
  }
};

}  // namespace kvsim::sim
