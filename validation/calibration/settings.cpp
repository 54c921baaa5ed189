// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/settings.h"

#include <fmt/format.h>

#include "base/errors.h"
#include "base/text.h"

namespace kvsim::validation {

ParameterChoice parse_parameter(const std::string& text) {
  const auto equals = text.find('=');
  ParameterChoice choice{text.substr(0, equals), {}, {}, {}};
  const auto wrong = [&] {
    return UsageError(
        fmt::format("--parameter {}: give NAME, NAME=START or NAME=START:LOW:HIGH, with 0 < LOW <= "
                    "START <= HIGH",
                    text));
  };
  if (choice.name.empty()) throw wrong();
  if (equals == std::string::npos) return choice;
  std::vector<double> numbers;
  for (const std::string_view part : split(std::string_view(text).substr(equals + 1), ':')) {
    const std::optional<double> number = parse_double(part);
    if (!number || !(*number > 0)) throw wrong();
    numbers.push_back(*number);
  }
  if (numbers.size() != 1 && numbers.size() != 3) throw wrong();
  choice.start = numbers[0];
  if (numbers.size() == 1) return choice;
  if (!(numbers[1] <= numbers[0] && numbers[0] <= numbers[2])) throw wrong();
  choice.low = numbers[1];
  choice.high = numbers[2];
  return choice;
}

const std::vector<std::string>& hold_out_names() {
  static const std::vector<std::string> names{"stages", "upper-rates", "runs", "workloads", "other-stages"};
  return names;
}

const std::string& name(HoldOut by) { return hold_out_names()[static_cast<std::size_t>(by)]; }

}  // namespace kvsim::validation
