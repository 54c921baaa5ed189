// SPDX-License-Identifier: Apache-2.0
// A report as a reader sees it, and what is wrong with that.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/browser/devtools.h"

namespace kvsim::testing {

struct View {
  std::string name;
  int width;  // in CSS pixels; print is A4 less its margins
  bool dark, print;
};

// Wide and narrow, light and dark, and printed from a dark screen.
std::vector<View> all_views();

class ReportPage {
 public:
  // Loads the page, in the first view unless told another.
  ReportPage(DevTools& browser, const std::filesystem::path& html, const View& view = all_views().front());
  // Turns the loaded page to another view, as when the reader's scheme changes or the page goes to a printer.
  void turn_to(const View& view);

  // What checks.js finds, and what the page had to say: uncaught exceptions, errors and warnings of the
  // console, and requests for anything but itself.
  std::vector<std::string> faults();
  // The value of an expression of JavaScript, a promise's once it is there.
  nlohmann::json evaluate(const std::string& expression);
  // The whole page, as high as it is.
  void save_png(const std::filesystem::path& file);
  // What a printer would get, of A4.
  void save_pdf(const std::filesystem::path& file);

 private:
  void key(const std::string& name, int code);
  std::vector<std::string> complaints();
  std::vector<std::string> focus_faults();

  DevTools& browser_;
  View view_;
  std::string address_;
};

// The faults of a report in all views, each with the view's name before it; with a folder, its pictures are
// left there as STEM-VIEW.png.
std::vector<std::string> faults_in_all_views(DevTools& browser, const std::filesystem::path& html,
                                             const std::filesystem::path& pictures = {},
                                             const std::string& stem = {});

}  // namespace kvsim::testing
