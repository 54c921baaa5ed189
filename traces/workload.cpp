// SPDX-License-Identifier: Apache-2.0
#include "traces/workload.h"

#include <filesystem>

#include "base/fields.h"
#include "base/text.h"
#include "traces/generators/mixed_source.h"
#include "traces/generators/read_generate.h"
#include "traces/generators/warmed_source.h"
#include "traces/inference_perf/open_inference_perf.h"
#include "traces/population/open_population.h"

namespace kvsim::traces {

namespace {

bool is_yaml_name(const std::string& path) {
  const std::string extension = lower(std::filesystem::path(path).extension().string());
  return extension == ".yaml" || extension == ".yml";
}

std::unique_ptr<Source> open_mix(MixSettings mix, std::uint64_t seed, double rate_scale) {
  for (StreamSettings& stream : mix.streams) stream.arrivals = scaled(stream.arrivals, rate_scale);
  if (mix.warms_up()) return std::make_unique<WarmedSource>(mix, seed);
  return std::make_unique<MixedSource>(mix, seed);
}

[[noreturn]] void refuse(Location where, std::string message) {
  Problems problems;
  problems.add(std::move(where), "", std::move(message),
               "give `kind: generate` or `kind: population`, or an "
               "inference-perf configuration with `load` and `data`");
  problems.throw_if_any();
  throw InputError({});
}

[[noreturn]] void refuse_rate_scale(const std::string& file) {
  throw InputError({{{file},
                     "",
                     "an inference-perf configuration has no rate scale",
                     "leave it out and change `load`, or describe the load as `kind: generate`"}});
}

}  // namespace

WorkloadPlace workload_place(const std::string& yaml_path) {
  const std::size_t mark = yaml_path.rfind('#');
  if (mark == std::string::npos) return {yaml_path, ""};
  return {yaml_path.substr(0, mark), yaml_path.substr(mark + 1)};
}

bool is_workload_yaml(const std::string& yaml_path) { return is_yaml_name(workload_place(yaml_path).path); }

std::unique_ptr<Source> open_workload(const std::string& yaml_path, std::uint64_t seed,
                                      const Overrides& overrides, double rate_scale) {
  const WorkloadPlace place = workload_place(yaml_path);
  const Document document = with_overrides(load_yaml(place.path), overrides);
  const std::string folder = std::filesystem::path(place.path).parent_path().string();
  if (!document.root->is_map()) refuse({document.file, 1, 1}, "found no map of keys");
  const Node* kind = document.root->find("kind");
  if (kind == nullptr && rate_scale != 1) refuse_rate_scale(document.file);
  if (kind == nullptr) return open_inference_perf(document, place.name, folder, seed);
  if (kind->scalar == "generate") return open_mix(read_generate(document, folder), seed, rate_scale);
  if (kind->scalar == "population") return open_population(document, place.name, seed, rate_scale);
  refuse(kind->place_in(document.file), "found kind '" + kind->scalar.substr(0, 40) + "'");
}

}  // namespace kvsim::traces
