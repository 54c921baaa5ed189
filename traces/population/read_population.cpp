// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/fields.h"
#include "base/text.h"
#include "traces/generators/content_id.h"
#include "traces/generators/read_distribution.h"
#include "traces/population/population.h"
#include "traces/population/read_tenant.h"
#include "traces/population/week.h"

namespace kvsim::traces {

namespace {

const std::vector<std::string> kCases = {"low", "mid", "high"};

class PopulationReader {
 public:
  PopulationReader(const Document& document, const std::string& chosen_case) : root_(document, problems_) {
    root_.choice("kind", {"population"});
    population_.name = root_.text("name", "population");
    population_.chosen_case = root_.choice("case", kCases, "mid");
    if (chosen_case.empty()) return;
    population_.chosen_case = chosen_case;
    if (std::find(kCases.begin(), kCases.end(), chosen_case) != kCases.end()) return;
    root_.problem("case", "found case '" + chosen_case + "'", valid_names_remedy(chosen_case, kCases));
    population_.chosen_case = "mid";
  }

  Population read() {
    const Cased cased(population_.chosen_case);
    population_.growth = cased.number(root_, "growth", {1e-3, 1e3}, 1.0);
    population_.peak_day = cased.number(root_, "peak_day", {1, 100}, 1.0);
    population_.service_seconds = cased.number(root_, "service_seconds", {1e-3, 1e5}, 20.0);
    population_.lead_in_seconds = seconds(root_, "lead_in", 900, {0, 86400});
    read_tenants(cased);
    read_window();
    root_.finish();
    problems_.throw_if_any();
    return std::move(population_);
  }

 private:
  static double seconds(Fields& fields, std::string_view key, double fallback, NumberRange range) {
    const double value = fields.duration_seconds(key, fallback);
    if (value >= range.low && value <= range.high) return value;
    fields.problem(key, "found a time out of range",
                   fmt::format("give a time from {} to {} seconds", range.low, range.high));
    return fallback;
  }

  void read_tenants(const Cased& cased) {
    std::set<std::string> names;
    for (Fields& fields : root_.maps("tenants")) {
      population_.tenants.push_back(read_tenant(fields, cased, population_.growth, population_.notes));
      const std::string& name = population_.tenants.back().stream.name;
      if (!names.insert(name).second) {
        fields.problem("name", "a second tenant of this name", "give each tenant its own name");
      }
    }
    const std::size_t count = population_.tenants.size();
    if (count == 0 || count > kMaxContentOwners) {
      root_.problem("tenants", fmt::format("found {} tenants", count),
                    fmt::format("give 1 to {}", kMaxContentOwners));
    }
  }

  Week sum() const {
    Week week{};
    for (const PopulationTenant& tenant : population_.tenants) {
      for (std::size_t hour = 0; hour < week.size(); ++hour) week[hour] += tenant.sessions_per_second[hour];
    }
    return week;
  }

  void read_window() {
    Window& window = population_.window;
    const Node* node = root_.raw("window");
    if (node != nullptr && node->is_map()) return read_own_window();
    window.name = root_.choice("window", {"peak-hour", "typical-day"}, "peak-hour");
    window.on_peak_day = window.name == "peak-hour";
    window.duration_seconds = window.on_peak_day ? 3600 : 86400;
    window.start_hours =
        static_cast<double>(window.on_peak_day ? busiest_hour(sum()) : 24 * typical_day(sum()));
  }

  void read_own_window() {
    Window& window = population_.window;
    Fields fields = root_.map("window");
    const std::string start = fields.text("start");
    if (const std::optional<double> hours = parse_hour(start)) {
      window.start_hours = *hours;
    } else {
      fields.problem("start", "found '" + start.substr(0, 40) + "'",
                     "give a day and an hour, such as `tue 09:00`");
    }
    window.duration_seconds = seconds(fields, "duration", 3600, {1, 35 * 86400.0});
    window.on_peak_day = fields.boolean("on_peak_day", false);
    window.name = "from " + hour_name(window.start_hours);
    fields.finish();
  }

  Problems problems_;
  Fields root_;
  Population population_;
};

}  // namespace

Population read_population(const Document& document, const std::string& chosen_case) {
  return PopulationReader(document, chosen_case).read();
}

}  // namespace kvsim::traces
