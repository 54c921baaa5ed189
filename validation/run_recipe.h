// SPDX-License-Identifier: Apache-2.0
// What is simulated for a case: its fleet and workload, with settings of a point put into both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/fields.h"
#include "base/overrides.h"
#include "sim/scenario/load_fleet.h"
#include "traces/open_source.h"

namespace kvsim::validation {

struct Run {
  std::string identity;  // what it sets: two runs of one case with the same are the same
  sim::Fleet fleet;
  std::string workload;  // path, ready to open
  Overrides workload_settings;
  std::uint64_t seed = 1;
};
traces::TraceOptions reading_of(const Run& run);  // with which its workload is opened

struct Settings {
  Overrides fleet, workload;
  void append(const Settings& later);  // which wins
  std::string identity() const;
};

// A map of PATH: VALUE under `key`, the paths led by `fleet.` or `workload.`; values are scalars or null.
Settings read_settings(Fields& parent, std::string_view key);
// A value for one path, which must be led as above; nothing, and a problem, where it is not.
std::optional<Settings> setting(Fields& parent, std::string_view key, const std::string& path,
                                const std::string& value);

// Makes the runs of a case. Fleet and workload are opened with their settings, so that what does not fit is
// told when the case is read.
class RunReader {
 public:
  // `besides`: settings over those of every run.
  RunReader(Fields& root, const std::string& file, const sim::FleetInputs& inputs, const Settings& besides);

  // Nothing where the settings do not fit, which `place` and `key` then tell as the place of the fault.
  std::optional<Run> read(const Settings& own, Fields& place, std::string_view key, Problems& problems) const;

 private:
  sim::Fleet fleet_with(const Overrides& settings) const;

  std::string file_;
  const sim::FleetInputs& inputs_;
  const Settings& besides_;
  const Node* fleet_;     // a path or a map; nullptr: missing, which is told
  std::string workload_;  // empty: missing, which is told
  std::uint64_t seed_;
};

// Paths of a case file are relative to its folder.
std::string beside(const std::string& case_file, const std::string& path);

}  // namespace kvsim::validation
