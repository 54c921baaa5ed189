// SPDX-License-Identifier: Apache-2.0
#include "validation/profile_errors.h"

#include <fmt/format.h>

#include "base/text.h"
#include "validation/tables.h"

namespace kvsim::validation {
namespace {

Rows rows_of(const models::ProfileLibrary& library) {
  Rows rows{fit_error_header()};
  rows.front().insert(rows.front().begin(), "profile");
  for (const models::PerformanceProfile& profile : library.profiles()) {
    for (const models::FitError& error : profile.errors) {
      rows.push_back(fit_error_cells(error));
      rows.back().insert(rows.back().begin(), profile.name);
    }
  }
  return rows;
}

}  // namespace

std::string profile_errors_section(const models::ProfileLibrary& library) {
  const Rows rows = rows_of(library);
  if (rows.size() == 1) return "";
  return "\n## Profiles, on what they were fitted to and on what they had not seen\n\n"
         "As `kvsim calibrate` wrote it into the profiles. Held out: `upper-rates` were predicted by a fit "
         "of the lower half "
         "of each\nrun's rates, `workloads` by a fit of the runs with other lengths, `runs` by a fit of the "
         "other runs, `stages` "
         "one by one from\nthe linearised fit; `-` is the fit itself.\n\n" +
         markdown(rows);
}

}  // namespace kvsim::validation
