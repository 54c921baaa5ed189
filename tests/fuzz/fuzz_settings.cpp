// SPDX-License-Identifier: Apache-2.0
// Any bytes as settings of the command line, one a line up to an empty one, and the YAML that they are put
// into: a tree, axes of a sweep, or an error that a user can read, never anything else.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/overrides.h"
#include "base/text.h"
#include "cli/set_options.h"
#include "cli/sweep_grid.h"

namespace {

using namespace kvsim;

template <class Use>
void refused_or_done(Use use) {
  try {
    use();
  } catch (const Error& error) {
    if (error.code() == ExitCode::kInternal) throw;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(bytes.find("\n\n"), size);
  std::vector<std::string> settings;
  for (const std::string_view line : split(std::string_view(bytes).substr(0, end), '\n'))
    settings.emplace_back(line);
  refused_or_done([&] { cli::sweep_grid(cli::sweep_axes(settings), 1); });
  refused_or_done([&] {
    const cli::ScenarioOverrides overrides = cli::scenario_overrides(settings);
    const Document document = parse_yaml(bytes.substr(end), "fuzz.yaml");
    with_overrides(document, overrides.fleet);
    with_overrides(document, overrides.workload);
  });
  return 0;
}
