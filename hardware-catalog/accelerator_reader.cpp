// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/accelerator_reader.h"

#include <fmt/format.h>

#include "base/text.h"
#include "hardware-catalog/figures.h"
#include "hardware-catalog/named.h"

namespace kvsim {
namespace {

constexpr NumberRange kMemoryBytes{1 << 20, 1e15};
constexpr NumberRange kRate{0, 1e18, true};
constexpr NumberRange kWatts{0, 1e6, true};
constexpr int kLargestDomain = 100'000;

ArithmeticRate read_rate(Fields& fields, const Sources& sources) {
  ArithmeticRate rate;
  const bool native = fields.choice("support", {"native", "emulated"}) == "native";
  rate.support = native ? Support::kNative : Support::kEmulated;
  rate.flops_per_second = read_citation(fields, sources);
  if (native) {
    rate.flops_per_second.value = fields.number("flops_per_second", kRate);
    check_range(fields, rate.flops_per_second);
  } else if (fields.has("flops_per_second")) {
    fields.raw("flops_per_second");
    fields.problem("flops_per_second", "found a rate of an emulated type, which runs at the rate of bf16",
                   "remove it");
  }
  fields.finish();
  return rate;
}

std::map<NumberType, ArithmeticRate> read_arithmetic(Fields& fields, const Sources& sources) {
  std::map<NumberType, ArithmeticRate> rates;
  for (auto& [key, row] : fields.named_maps("arithmetic")) {
    const auto type = parse_number_type(key);
    if (type && name(*type) == key) {
      rates.emplace(*type, read_rate(row, sources));
    } else {
      fields.problem("arithmetic", "found the number type '" + key + "'",
                     valid_names_remedy(key, number_type_names()));
    }
  }
  const auto bf16 = rates.find(NumberType::kBf16);
  if (bf16 == rates.end() || bf16->second.support != Support::kNative) {
    fields.problem("arithmetic", "found no native bf16", "give bf16, whose rate the emulated types run at");
  }
  return rates;
}

void check_power(Fields& fields, const Accelerator& read) {
  if (read.idle_watts.value <= read.peak_watts.value) return;
  fields.problem(
      "idle_watts",
      fmt::format("found {} W, above the peak of {} W", read.idle_watts.value, read.peak_watts.value),
      "give at most the peak");
}

}  // namespace

Accelerator read_accelerator(const Document& document, Problems& problems) {
  Fields fields(document, problems);
  Accelerator read;
  read.name = read_name(fields, "accelerator");
  read.vendor = fields.text("vendor");
  read.aliases = read_aliases(fields);
  read.year = static_cast<int>(fields.integer("year", {1990, 2100}));
  const Sources sources = read_sources(fields);
  read.memory_bytes = read_bytes_figure(fields, "memory_bytes", kMemoryBytes, sources);
  read.memory_bandwidth_bytes_per_second =
      read_figure(fields, "memory_bandwidth_bytes_per_second", kRate, sources);
  read.arithmetic = read_arithmetic(fields, sources);
  read.peak_watts = read_figure(fields, "peak_watts", kWatts, sources);
  read.idle_watts = read_figure(fields, "idle_watts", kWatts, sources);
  read.interconnect = fields.text("interconnect");
  read.interconnect_domain = static_cast<int>(fields.integer("interconnect_domain", {1, kLargestDomain}));
  read.interconnect_bytes_per_second = read_figure(fields, "interconnect_bytes_per_second", kRate, sources);
  read.host_link_bytes_per_second = read_figure(fields, "host_link_bytes_per_second", kRate, sources);
  read.notes = fields.text("notes", "");
  check_power(fields, read);
  fields.finish();
  return read;
}

}  // namespace kvsim
