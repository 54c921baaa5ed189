// SPDX-License-Identifier: Apache-2.0
// Is what is wrong with a page found: can each check of tests/browser fail?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "sim/report/page.h"
#include "tests/browser/chromium.h"

namespace kvsim::sim {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class PageFaults : public testing::Chromium {
 protected:
  std::vector<std::string> faults_of(const std::string& script) {
    std::ostringstream page;
    write_page(page, "a page", "{}", "(() => { " + script + " })();");
    return faults(page.str());
  }
};

const std::string kTop = "add(report, 'h1', 'top');";
std::string drawn(const std::string& y_title, const std::string& values) {
  return kTop + "section('charts'); chartRow(); chart('one', 'line', {datasets: [line('a', " + values +
         ", 0), line('b', " + values + ", 1)]}, axis('seconds', {type: 'linear'}), axis('" + y_title + "'));";
}
const std::string kPoints = "[{x: 1, y: 1}, {x: 2, y: 3}]";

TEST_F(PageFaults, NoneWhereNothingIsWrong) {
  EXPECT_EQ(faults_of(drawn("requests", kPoints) + "table(['a', 'b'], [['c', 1]]); footer();"),
            std::vector<std::string>());
}

// A script, and what is wrong with its page.
const std::pair<std::string, std::string> kBad[] = {
    {kTop + "console.error('oh'); footer();", "wide: console: "},
    {kTop + "nowhere(); footer();", "wide: exception: "},
    {kTop + "nowhere(); footer();", "narrow: no footer"},
    {"footer();", "0 headings of level 1"},
    {kTop + "add(report, 'h3', 'deep'); footer();", "h3 \"deep\" follows a heading of level 1"},
    {kTop + "new Image().src = 'http://localhost/a.png'; footer();", "wide: asks for http://localhost/a.png"},
    {kTop + "add(report, 'div', 'wide').style.width = '500px'; footer();", "narrow: the page is "},
    {kTop + "add(report, 'p', 'pale').style.color = '#888'; footer();", "wide: p \"pale\": contrast of 3."},
    {kTop + "add(report, 'p', 'ink').style.color = '#000'; footer();",
     "wide-dark: p \"ink\": contrast of 1."},
    {kTop + "add(report, 'p', 'a long text').style.cssText = 'overflow: hidden; white-space: nowrap; "
            "width: 20px'; "
            "footer();",
     "p \"a long text\" is cut off"},
    {kTop + "add(report, 'p', 'out').style.cssText = 'position: fixed; left: -99px'; footer();",
     "p \"out\" leaves the page"},
    {kTop + "add(document.head, 'style', '* { outline: none !important }'); add(report, 'button', 'press'); "
            "footer();",
     "wide: focus is not seen on <button>"},
    {kTop + "add(report, 'button', 'press').onfocus = event => event.target.blur(); footer();",
     "wide: the tab key reaches 0 of 1 places"},
    {kTop + "table(['a'], [['c']]); report.querySelector('table').style.width = '2000px'; "
            "overflow.disconnect(); "
            "footer();",
     "scrolls, but not by keyboard"},
    {kTop + "add(report, 'p', 1 / 0); footer();", "p \"Infinity\" is no text for people"},
    {kTop + "chartRow(); const names = [...Array(30).keys()]; chart('bars', 'bar', {labels: names, datasets: "
            "[bar('a', names, 0)]}, axis('seconds'), nameAxis(), across); "
            "report.querySelector('.plot').style.height "
            "= '200px'; footer();",
     "labels of axis y lie on each other"},
    {drawn("requests", "[]") + "footer();", "shows no value"},
    {drawn("", kPoints) + "footer();", "axis y says no unit"},
    {drawn("requests", kPoints) +
         "const [one] = Object.values(Chart.instances); one.options.scales.y.title.text "
         "= 'a title longer than the axis that it belongs to'; one.update(); footer();",
     "the title of axis y is cut off"},
    {drawn("requests", kPoints) + "document.querySelector('canvas').removeAttribute('role'); footer();",
     "has no words for who does not see it"},
    {drawn("requests", kPoints) + "const canvas = document.querySelector('canvas'); "
                                  "canvas.getContext('2d').clearRect(0, 0, 9999, 9999); footer();",
     "wide: chart \"one, requests. a: 1 to 3; b: 1 to 3\" is empty"},
    {"theme.series = ['#d55e00', '#b37a00'];" + drawn("requests", kPoints) + "footer();",
     "look alike with deuteranopia"},
    {"theme.series = ['#005ca8', '#dddddd'];" + drawn("requests", kPoints) + "footer();", ", not 3"},
};

TEST_F(PageFaults, AreFound) {
  for (const auto& [script, fault] : kBad)
    EXPECT_THAT(faults_of(script), Contains(HasSubstr(fault))) << script;
}

}  // namespace
}  // namespace kvsim::sim
