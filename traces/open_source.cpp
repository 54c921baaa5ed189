// SPDX-License-Identifier: Apache-2.0
#include "traces/open_source.h"

#include <fmt/format.h>

#include "base/errors.h"
#include "base/files.h"
#include "base/random.h"
#include "traces/workload.h"

namespace kvsim::traces {

namespace {

struct TraceOnly {
  std::string option, instead;
};

// The first option that a workload has no use for, and what to do in its place; empty where there is none.
TraceOnly option_only_for_traces(const TraceOptions& options) {
  const TraceOptions plain;
  const std::string leave = "leave the option out";
  if (options.format != plain.format) return {"format", leave};
  if (options.block_tokens != plain.block_tokens) return {"block-size", leave};
  if (options.start_seconds != plain.start_seconds) return {"start", leave};
  if (options.duration_seconds != plain.duration_seconds)
    return {"duration", "say `duration` in the workload file, or --set workload.duration=10m"};
  if (options.max_requests != plain.max_requests)
    return {"max-requests", "say `requests` in the workload file, or --set workload.requests=1000"};
  if (options.spread_tick_seconds != plain.spread_tick_seconds) return {"spread", leave};
  if (options.sort != plain.sort) return {"sort", leave};
  if (options.timeout_seconds != plain.timeout_seconds)
    return {"timeout", "say `timeout` in the workload file"};
  return {};
}

void refuse_overrides(const std::string& path, const Overrides& overrides) {
  Problems problems;
  for (const Override& setting : overrides)
    problems.add({setting.given}, "", "is for a workload YAML, and " + path + " is a trace",
                 "leave it out, or describe the load in a workload YAML");
  problems.throw_if_any();
}

// What tells these options from the plain ones; empty: nothing does. The seed stands for itself in results.
std::string said_by(const TraceOptions& options) {
  const auto text = [](const TraceOptions& o) {
    std::string said = fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", o.format, o.block_tokens, o.rate_scale,
                                   o.start_seconds, o.duration_seconds, o.max_requests, o.spread_tick_seconds,
                                   o.spread_uniformly, o.sort, o.default_output_tokens, o.timeout_seconds);
    said += fmt::format("|{}", o.sample.share);
    for (const RequestKind& kind : o.sample.only)
      said += fmt::format("|{}/{}/{}", kind.tenant, kind.model, kind.slo_class);
    for (const auto& [name, renamed] : o.model_names) said += "|" + name + "|" + renamed;
    for (const Override& setting : o.overrides) said += "|" + setting.path + "=" + setting.value;
    return said;
  };
  const std::string said = text(options);
  return said == text({}) ? "" : said;
}

WorkloadPlace place_of(const std::string& path) {
  return is_workload_yaml(path) ? workload_place(path) : WorkloadPlace{path, ""};
}

std::unique_ptr<Source> open_whole(const std::string& path, const TraceOptions& options) {
  if (!is_workload_yaml(path)) {
    refuse_overrides(path, options.overrides);
    return open_trace(path, options);
  }
  if (const TraceOnly only = option_only_for_traces(options); !only.option.empty())
    throw InputError({{{path},
                       "",
                       "the option '" + only.option + "' is for traces, and this is a workload",
                       only.instead}});
  return open_workload(path, options.seed, options.overrides, options.rate_scale);
}

}  // namespace

std::unique_ptr<Source> open_source(const std::string& path, const TraceOptions& options) {
  return sampled(open_whole(path, options), options.sample, options.seed);
}

std::uint64_t content_digest(const std::string& path) { return digest_file(place_of(path).path); }

std::string source_digest(const std::string& path, const TraceOptions& options) {
  return source_digest(path, options, content_digest(path));
}

std::string source_digest(const std::string& path, const TraceOptions& options, std::uint64_t content) {
  const std::string said = place_of(path).name + said_by(options);
  return hex64(said.empty() ? content : mix64(content) ^ digest(said));
}

}  // namespace kvsim::traces
