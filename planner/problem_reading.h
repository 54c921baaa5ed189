// SPDX-License-Identifier: Apache-2.0
// What the readers of a problem's parts share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "planner/problem.h"
#include "sim/scenario/load_fleet.h"

namespace kvsim::planner {

inline constexpr const char* kOurAssumption = "assumption of kvsim";
inline constexpr NumberRange kShare{0, 1};
inline constexpr NumberRange kMoney{0, 1e15};

// Values that may be left out; each default that is taken is told.
class Defaults {
 public:
  explicit Defaults(std::vector<Assumption>& told) : told_(told) {}

  double number(Fields& fields, std::string_view key, NumberRange range, double usual,
                const std::string& source = kOurAssumption);
  std::uint64_t integer(Fields& fields, std::string_view key, IntegerRange range, std::uint64_t usual);
  bool boolean(Fields& fields, std::string_view key, bool usual);
  double watts(Fields& fields, std::string_view key, double usual,
               const std::string& source = kOurAssumption);
  Hourly hourly(Fields& fields, std::string_view key, NumberRange range, double usual);
  void tell(const Fields& fields, std::string_view key, std::string value,
            const std::string& source = kOurAssumption);
  template <class T>
  std::optional<T> limit(const Fields& fields, std::string_view key, std::optional<T> given) {
    if (!given) tell(fields, key, "no limit");
    return given;
  }

 private:
  std::vector<Assumption>& told_;
};

struct ProblemReading {
  ProblemReading(const sim::FleetInputs& all_inputs, Problems& found, Problem& filled)
      : inputs(all_inputs), problems(found), problem(filled), defaults(filled.assumptions) {}
  std::string path_of(const std::string& file) const;  // from the problem's folder

  const sim::FleetInputs& inputs;
  Problems& problems;
  Problem& problem;
  Defaults defaults;
  bool states_disaggregated_router = false;  // what it leaves to `router` is checked there
};

// A map of a list, and its node.
struct Entry {
  Fields fields;
  const Node* node;
};
std::vector<Entry> entries(Fields& owner, std::string_view key);

std::string path_of(const Fields& fields, std::string_view key);

// "500kW", "1.2MW", "700"; nothing when the key is absent.
std::optional<double> read_watts(Fields& fields, std::string_view key);
// One value or 168; nothing when the key is absent.
std::optional<Hourly> read_hourly(Fields& fields, std::string_view key, NumberRange range);
std::optional<Hourly> read_hourly_watts(Fields& fields, std::string_view key);

// Each of `given` must be among `valid`.
void check_names(Fields& fields, std::string_view key, const std::vector<std::string>& given,
                 const std::vector<std::string>& valid, std::string_view what);

}  // namespace kvsim::planner
