// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string_view>

#include "sim/report/page_assets.h"
#include "sim/report/page_data.h"
#include "sim/report/results_folder.h"

namespace kvsim::sim {
namespace {

std::string html_text(const std::string& text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '<')
      safe += "&lt;";
    else if (letter == '&')
      safe += "&amp;";
    else
      safe += letter;
  }
  return safe;
}

// Writes `page` with each {{name}} replaced; what is put in is not looked at again.
void fill(std::ostream& out, std::string_view page, const std::map<std::string_view, std::string>& parts) {
  for (std::size_t mark; (mark = page.find("{{")) != std::string_view::npos;) {
    const std::size_t end = page.find("}}", mark);
    out << page.substr(0, mark) << parts.at(page.substr(mark + 2, end - mark - 2));
    page.remove_prefix(end + 2);
  }
  out << page;
}

}  // namespace

void write_run_html(std::ostream& out, const Summary& summary) {
  fill(out, kPageHtml,
       {{"title", html_text(summary.scenario.fleet + " · " + summary.scenario.trace)},
        {"css", kPageCss},
        {"chart", kChartScript},
        {"data", page_data(summary)},
        {"tiers", kTiersScript},
        {"script", kPageScript}});
}

}  // namespace kvsim::sim
