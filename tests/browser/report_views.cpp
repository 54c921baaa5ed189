// SPDX-License-Identifier: Apache-2.0
// report_views FOLDER REPORT.html...: leaves pictures of each report in all views in FOLDER and prints what
// is wrong with any. Ends with 1 where something is.
#include <cstdio>
#include <exception>

#include "tests/browser/report_page.h"

namespace {

// results/quickstart/run.html is quickstart-run.
std::string stem_of(const std::filesystem::path& html) {
  const std::string folder = std::filesystem::absolute(html).parent_path().filename();
  return folder + "-" + html.stem().string();
}

int show(int count, char** arguments) {
  std::filesystem::create_directories(arguments[1]);
  kvsim::testing::DevTools browser;
  bool is_good = true;
  for (int i = 2; i < count; ++i)
    for (const std::string& fault :
         kvsim::testing::faults_in_all_views(browser, arguments[i], arguments[1], stem_of(arguments[i]))) {
      std::printf("%s: %s\n", arguments[i], fault.c_str());
      is_good = false;
    }
  return is_good ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fputs("usage: report_views FOLDER REPORT.html...\n", stderr);
    return 2;
  }
  try {
    return show(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "report_views: %s\n", error.what());
    return 2;
  }
}
