// SPDX-License-Identifier: Apache-2.0
#include "sim/report/page.h"

#include <map>
#include <string_view>

#include "sim/report/page_assets.h"

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

// No name in it can end the script element.
std::string script_json(const std::string& json) {
  std::string safe;
  for (const char letter : json) letter == '<' ? safe += "\\u003c" : safe += letter;
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

void write_page(std::ostream& out, const std::string& title, const std::string& data,
                const std::string& script) {
  fill(out, kPageHtml,
       {{"title", html_text(title)},
        {"css", kPageCss},
        {"version", KVSIM_VERSION},
        {"data", script_json(data)},
        {"chart", kChartJs},
        {"scripts", std::string(kCommonScript) + kChartsScript + script}});
}

}  // namespace kvsim::sim
