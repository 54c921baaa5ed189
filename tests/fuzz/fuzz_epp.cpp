// SPDX-License-Identifier: Apache-2.0
// Any bytes as an EndpointPickerConfig or Helm values with one: settings or problems, never anything else;
// settings are written back as the same.
#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/scenario/epp_config.h"

namespace {

std::optional<kvsim::sim::EppConfig> read(const std::string& text, kvsim::sim::RouterVersion version) {
  kvsim::Problems problems;
  std::vector<kvsim::sim::Validity> validity;
  kvsim::sim::EppContext context{version, problems, validity};
  return kvsim::sim::read_epp_config(kvsim::parse_yaml_documents(text, "fuzz.yaml"), "fuzz.yaml", context);
}

}  // namespace

// The first byte is the minor version of the router.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  const kvsim::sim::RouterVersion version{0, data[0] % 16};
  try {
    const auto config = read(text, version);
    if (!config) return 0;
    const std::string yaml = kvsim::sim::epp_yaml(config->settings, "");
    const auto again = read(yaml, version);
    if (!again || kvsim::sim::epp_yaml(again->settings, "") != yaml) __builtin_trap();
  } catch (const kvsim::InputError&) {
  }
  return 0;
}
