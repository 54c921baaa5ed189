// SPDX-License-Identifier: Apache-2.0
// For tests of pages: what a browser makes of one.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/files.h"
#include "tests/browser/report_page.h"
#include "tests/own_folder.h"

namespace kvsim::testing {

inline std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class Chromium : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_chromium()) GTEST_SKIP() << "no chromium here";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // What is wrong with the page, in any view.
  std::vector<std::string> faults(const std::string& page) {
    write_file(file_, page);
    return faults_in_all_views(browser(), file_);
  }
  // The elements of the page after its scripts. Fails where anything is wrong with it.
  std::string shown(const std::string& page) {
    EXPECT_EQ(faults(page), std::vector<std::string>());
    return ReportPage(browser(), file_).evaluate("document.documentElement.outerHTML");
  }

 private:
  DevTools& browser() { return browser_ ? *browser_ : browser_.emplace(); }

  std::optional<DevTools> browser_;
  const std::filesystem::path folder_ = own_folder("kvsim_page_test");
  const std::string file_ = (folder_ / "page.html").string();
};

}  // namespace kvsim::testing
