// SPDX-License-Identifier: Apache-2.0
#include "tests/browser/report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/files.h"

namespace kvsim::testing {
namespace {

using Json = nlohmann::json;

constexpr int kDesktopPixels = 1440, kPhonePixels = 390, kViewHeight = 900;
constexpr int kPaperPixels = 718;  // 190 mm at 96 pixels an inch
constexpr int kMostPictureHeight = 16000;
// What a page does of its own, when its size or scheme has changed, is done by then.
const char* const kTwoFrames =
    "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))";

std::string checks(int width) {
  static const std::string script = read_file(std::string(KVSIM_SOURCE_DIR) + "/tests/browser/checks.js");
  return script + "(" + std::to_string(width) + ")";
}

std::string decoded(const std::string& base64) {
  static const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int held = 0;
  for (const char letter : base64) {
    if (letter == '=') break;
    bits = bits << 6 | static_cast<unsigned>(letters.find(letter));
    held += 6;
    if (held >= 8) bytes += static_cast<char>(bits >> (held -= 8));
  }
  return bytes;
}

}  // namespace

std::vector<View> all_views() {
  return {{"wide", kDesktopPixels, false, false},
          {"wide-dark", kDesktopPixels, true, false},
          {"print", kPaperPixels, true, true},
          {"narrow", kPhonePixels, false, false},
          {"narrow-dark", kPhonePixels, true, false}};
}

ReportPage::ReportPage(DevTools& browser, const std::filesystem::path& html, const View& view)
    : browser_(browser), view_(view), address_("file://" + std::filesystem::absolute(html).string()) {
  for (const char* domain : {"Page", "Runtime", "Log", "Network"})
    browser_.call(std::string(domain) + ".enable");
  turn_to(view);
  for (const char* event : {"Page.loadEventFired", "Runtime.exceptionThrown", "Runtime.consoleAPICalled",
                            "Log.entryAdded", "Network.requestWillBeSent"})
    browser_.take(event);
  browser_.call("Page.navigate", {{"url", address_}});
  browser_.wait_for("Page.loadEventFired");
  evaluate(kTwoFrames);
}

void ReportPage::turn_to(const View& view) {
  view_ = view;
  browser_.call(
      "Emulation.setDeviceMetricsOverride",
      {{"width", view.width}, {"height", kViewHeight}, {"deviceScaleFactor", 1}, {"mobile", false}});
  browser_.call(
      "Emulation.setEmulatedMedia",
      {{"media", view.print ? "print" : "screen"},
       {"features", {{{"name", "prefers-color-scheme"}, {"value", view.dark ? "dark" : "light"}}}}});
  if (view.print) evaluate("dispatchEvent(new Event('beforeprint'))");
  evaluate(kTwoFrames);
}

Json ReportPage::evaluate(const std::string& expression) {
  const Json answer = browser_.call(
      "Runtime.evaluate", {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
  if (answer.contains("exceptionDetails")) throw std::runtime_error(answer.at("exceptionDetails").dump());
  return answer.at("result").value("value", Json());
}

std::vector<std::string> ReportPage::complaints() {
  std::vector<std::string> found;
  for (const Json& event : browser_.take("Runtime.exceptionThrown"))
    found.push_back("exception: " + event.at("exceptionDetails").at("exception").value("description", ""));
  for (const Json& event : browser_.take("Runtime.consoleAPICalled"))
    found.push_back("console: " + event.at("args").dump());
  for (const Json& event : browser_.take("Log.entryAdded"))
    found.push_back("log: " + event.at("entry").value("text", ""));
  for (const Json& event : browser_.take("Network.requestWillBeSent"))
    if (const std::string url = event.at("request").at("url"); url != address_)
      found.push_back("asks for " + url);
  return found;
}

void ReportPage::key(const std::string& name, int code) {
  for (const char* type : {"rawKeyDown", "keyUp"})
    browser_.call("Input.dispatchKeyEvent",
                  {{"type", type}, {"key", name}, {"code", name}, {"windowsVirtualKeyCode", code}});
}

// Goes through the page with the tab key alone.
std::vector<std::string> ReportPage::focus_faults() {
  constexpr int kTab = 9;
  const int stops =
      evaluate("document.querySelectorAll('a[href], select, button, summary, [tabindex=\"0\"]').length");
  evaluate("document.activeElement.blur(), window.met = new Set()");
  for (int i = 0; i < stops; ++i) {
    key("Tab", kTab);
    evaluate("met.add(document.activeElement)");
  }
  const Json unseen = evaluate(
      "[...met].filter(one => { const style = getComputedStyle(one); one.focus({focusVisible: true}); "
      "return style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 1.5; }).map(one => "
      "one.outerHTML.slice(0, 80))");
  std::vector<std::string> faults;
  if (const int met = evaluate("met.has(document.body) ? met.size - 1 : met.size"); met != stops)
    faults.push_back(fmt::format("the tab key reaches {} of {} places", met, stops));
  for (const Json& one : unseen) faults.push_back("focus is not seen on " + one.get<std::string>());
  return faults;
}

std::vector<std::string> ReportPage::faults() {
  std::vector<std::string> found = evaluate(checks(view_.width));
  if (!view_.dark)
    for (const std::string& fault : focus_faults()) found.push_back(fault);
  for (const std::string& complaint : complaints()) found.push_back(complaint);
  return found;
}

void ReportPage::save_png(const std::filesystem::path& file) {
  const int height = std::min<int>(kMostPictureHeight, evaluate("document.documentElement.scrollHeight"));
  const Json clip = {{"x", 0}, {"y", 0}, {"width", view_.width}, {"height", height}, {"scale", 1}};
  const Json picture = browser_.call("Page.captureScreenshot",
                                     {{"format", "png"}, {"clip", clip}, {"captureBeyondViewport", true}});
  write_file(file.string(), decoded(picture.at("data")));
}

void ReportPage::save_pdf(const std::filesystem::path& file) {
  const double margin_inches = 0.4;
  const Json printed = browser_.call("Page.printToPDF", {{"paperWidth", 8.27},
                                                         {"paperHeight", 11.69},
                                                         {"marginLeft", margin_inches},
                                                         {"marginRight", margin_inches},
                                                         {"printBackground", false}});
  write_file(file.string(), decoded(printed.at("data")));
}

std::vector<std::string> faults_in_all_views(DevTools& browser, const std::filesystem::path& html,
                                             const std::filesystem::path& pictures, const std::string& stem) {
  std::vector<std::string> found;
  std::optional<ReportPage> page;
  for (const View& view : all_views()) {
    view.dark ? page->turn_to(view) : void(page.emplace(browser, html, view));
    for (const std::string& fault : page->faults()) found.push_back(view.name + ": " + fault);
    if (pictures.empty()) continue;
    page->save_png(pictures / (stem + "-" + view.name + ".png"));
    if (view.print) page->save_pdf(pictures / (stem + "-" + view.name + ".pdf"));
  }
  return found;
}

}  // namespace kvsim::testing
