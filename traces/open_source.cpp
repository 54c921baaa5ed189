// SPDX-License-Identifier: Apache-2.0
#include "traces/open_source.h"

#include <fmt/format.h>

#include "base/errors.h"
#include "base/files.h"
#include "base/random.h"
#include "traces/workload.h"

namespace kvsim::traces {

namespace {

std::string option_only_for_traces(const TraceOptions& options) {
  const TraceOptions plain;
  if (options.format != plain.format) return "format";
  if (options.block_tokens != plain.block_tokens) return "block size";
  if (options.start_seconds != plain.start_seconds) return "start";
  if (options.duration_seconds != plain.duration_seconds) return "duration";
  if (options.max_requests != plain.max_requests) return "request limit";
  if (options.spread_tick_seconds != plain.spread_tick_seconds) return "spreading of time stamps";
  if (options.sort != plain.sort) return "sorting";
  if (options.timeout_seconds != plain.timeout_seconds) return "timeout";
  return "";
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
  if (const std::string option = option_only_for_traces(options); !option.empty())
    throw InputError({{{path},
                       "",
                       "the option '" + option + "' is for traces, and this is a workload",
                       "leave the option out and say it in the workload file"}});
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
