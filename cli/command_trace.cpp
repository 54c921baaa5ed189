// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "base/errors.h"
#include "base/files.h"
#include "base/quantity.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/overlay_options.h"
#include "cli/trace_info.h"
#include "cli/trace_options.h"
#include "models/memory.h"
#include "models/model_card.h"
#include "traces/open_source.h"
#include "traces/population/summary.h"
#include "traces/session_turns.h"
#include "traces/workload.h"
#include "traces/writer.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::string in;
  std::string out;
  traces::TraceOptions reading;
  traces::ProfileSettings profile;
  std::vector<std::string> capacities;
  std::vector<std::string> retentions;
  std::uint32_t reuse_block = 0;  // 0: the trace's own, else 16
  std::string model;
  std::vector<std::string> model_overlays;
  std::string kv_type;
  std::string out_format = "kvsim";
  std::uint32_t out_block = 512;
  bool json = false;
};

double kv_bytes_per_token(const Options& options, std::string& name) {
  const auto library = models::ModelLibrary::load_default(options.model_overlays);
  const models::ModelCard* card = library.find(options.model);
  if (card == nullptr) {
    throw UsageError("--model: found no model '" + options.model + "'; " +
                     valid_names_remedy(options.model, library.names()));
  }
  name = card->name;
  const auto type =
      options.kv_type.empty() ? models::published_types(*card).kv : *parse_number_type(options.kv_type);
  return models::kv_bytes_per_token(*card, type, 1);
}

// "1000000" is tokens; "80GiB" is bytes of the chosen model's KV.
std::uint64_t capacity_tokens(const std::string& text, double bytes_per_token) {
  if (const auto tokens = parse_integer(text); tokens && *tokens > 0)
    return static_cast<std::uint64_t>(*tokens);
  const auto bytes = parse_bytes(text);
  if (!bytes || *bytes == 0) {
    throw UsageError("--capacity: found '" + text +
                     "'; give tokens (1000000), or bytes (80GiB) with --model");
  }
  if (bytes_per_token <= 0)
    throw UsageError("--capacity: '" + text + "' is in bytes; name the model with --model");
  return static_cast<std::uint64_t>(static_cast<double>(*bytes) / bytes_per_token);
}

double retention_seconds(const std::string& text) {
  const auto seconds = parse_duration_seconds(text);
  if (seconds && *seconds >= 1 && *seconds <= 1e9) return *seconds;
  throw UsageError("--retention: found '" + text + "'; give a time from 1 s up, such as 15m, 4h or 7d");
}

void finish_settings(Options& options, std::uint32_t trace_block, double bytes_per_token) {
  traces::ProfileSettings& settings = options.profile;
  settings.block_tokens = options.reuse_block > 0 ? options.reuse_block : trace_block > 0 ? trace_block : 16;
  for (const std::string& text : options.capacities) {
    settings.capacities_tokens.push_back(capacity_tokens(text, bytes_per_token));
  }
  if (!options.retentions.empty()) settings.retentions_seconds.clear();
  for (const std::string& text : options.retentions)
    settings.retentions_seconds.push_back(retention_seconds(text));
  if (settings.lfu && settings.capacities_tokens.empty()) {
    throw UsageError("--lfu: name the cache sizes with --capacity, such as --capacity 1000000,5000000");
  }
}

void info(Options& options) {
  TraceInfo result;
  if (!options.model.empty()) result.kv_bytes_per_token = kv_bytes_per_token(options, result.model);
  std::unique_ptr<traces::Source> source = traces::open_source(options.in, options.reading);
  const auto* trace = dynamic_cast<const traces::TraceSource*>(source.get());
  if (trace == nullptr) source = std::make_unique<traces::SessionTurns>(std::move(source));
  finish_settings(options, trace != nullptr ? trace->block_tokens() : 0, result.kv_bytes_per_token);
  result.description = source->description();
  if (traces::is_population_yaml(options.in))
    result.population = traces::summarize_population(options.in, options.reading.seed);
  result.lfu = options.profile.lfu;
  result.profile = traces::profile(*source, options.profile);
  if (trace != nullptr) {
    result.format = trace->format();
    result.skipped = trace->skipped();
  }
  if (options.json) {
    JsonWriter json(std::cout);
    write_trace_info(json, result);
  } else {
    std::cout << trace_info_text(result);
  }
}

void tell_written(const Options& options, const traces::Written& written) {
  std::cerr << "wrote " << written.requests << " requests to " << options.out;
  if (written.turns > 0) std::cerr << ", " << written.turns << " of them sent after an answer";
  std::cerr << "\n";
}

void refuse_compressed_name(const std::string& path) {
  for (const std::string_view ending : {".zst", ".gz"})
    if (path.ends_with(ending))
      throw UsageError("--out " + path + ": traces are written as plain text; leave out " +
                       std::string(ending) + " and compress the file afterwards");
}

void convert(Options& options) {
  refuse_compressed_name(options.out);
  if (options.in.ends_with(".yaml") || options.in.ends_with(".yml"))
    throw UsageError(options.in + ": is no trace; `kvsim trace generate` writes the requests of a workload");
  const auto source = traces::open_trace(options.in, options.reading);
  traces::Written written;
  write_file(options.out, [&](std::ostream& out) {
    written = options.out_format == "mooncake" ? traces::write_mooncake(*source, options.out_block, out)
                                               : traces::write_kvsim(*source, source->block_tokens(), out);
  });
  for (const traces::Skipped& skipped : source->skipped()) {
    std::cerr << "passed over " << skipped.records << " records: " << skipped.reason << "\n";
  }
  tell_written(options, written);
}

void refuse_concurrency(const Options& options, const traces::Source& source) {
  for (const traces::Stage& stage : source.stages()) {
    if (stage.concurrency == 0) continue;
    throw UsageError("trace generate: " + options.in +
                     " keeps a number of requests in flight, which only a simulated server can do; "
                     "give the workload itself to `kvsim run`");
  }
}

void generate(Options& options) {
  refuse_compressed_name(options.out);
  traces::SessionTurns source(traces::open_workload(options.in, options.reading.seed));
  refuse_concurrency(options, source);
  traces::Written written;
  write_file(options.out, [&](std::ostream& out) { written = traces::write_kvsim(source, 0, out); });
  tell_written(options, written);
}

struct Input {
  const char* name;
  const char* text;
};

CLI::App& add_action(CLI::App& trace, const char* name, const char* description, const Input& input,
                     const std::shared_ptr<Options>& options, void (*action)(Options&)) {
  CLI::App& command = *trace.add_subcommand(name, description);
  command.add_option(input.name, options->in, input.text)->type_name("FILE")->required();
  command.add_option("--seed", options->reading.seed, "of every random stream")
      ->type_name("N")
      ->capture_default_str()
      ->check(whole_number);
  command.callback([options, action] { action(*options); });
  return command;
}

void add_info(CLI::App& trace) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = add_action(trace, "info", "arrivals, lengths and reuse of a trace or a workload",
                                 {"trace", "trace, workload YAML or inference-perf YAML"}, options, info);
  command.add_option("--model", options->model, "give cache sizes in bytes of this model's KV too")
      ->type_name("MODEL")
      ->default_str("none");
  command.add_option("--kv-type", options->kv_type, "of its KV")
      ->type_name("TYPE")
      ->default_str("as published")
      ->check(CLI::IsMember(number_type_names()));
  add_overlay_option(command, "--models", options->model_overlays, "your own model cards");
  command.add_option("--capacity", options->capacities, "cache sizes: tokens, or 80GiB with --model")
      ->type_name("SIZE,SIZE")
      ->default_str("a range of them")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--lfu", options->profile.lfu, "the hit ratio of least-frequently-used eviction too");
  command.add_option("--retention", options->retentions, "times that blocks are kept")
      ->type_name("TIME,TIME")
      ->default_str("15m to 7d")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--reuse-block", options->reuse_block, "of a block")
      ->type_name("TOKENS")
      ->default_str("the trace's own, else 16")
      ->check(CLI::Range(1, 65536));
  command.add_option("--engine-block", options->profile.engine_block_tokens, "of an engine's block")
      ->type_name("TOKENS")
      ->capture_default_str()
      ->check(CLI::Range(1, 65536));
  command.add_flag("--json", options->json, "print JSON instead of tables");
  add_trace_options(command, options->reading);
  command.footer("Example: kvsim trace info examples/quickstart/workload.yaml --model Llama-3.1-8B");
}

void add_convert(CLI::App& trace) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = add_action(trace, "convert", "write a trace in another format, sorted or cut",
                                 {"trace", "of any known format, plain, gzip or zstd"}, options, convert);
  command.add_option("--out", options->out, "file to write")->type_name("FILE")->required();
  command.add_option("--to", options->out_format, "format to write")
      ->type_name("FORMAT")
      ->capture_default_str()
      ->check(CLI::IsMember({"kvsim", "mooncake"}));
  command.add_option("--to-block-size", options->out_block, "of a block in a Mooncake file")
      ->type_name("TOKENS")
      ->capture_default_str()
      ->check(CLI::Range(1, 65536));
  add_trace_options(command, options->reading);
  command.footer("Example: kvsim trace convert TRACE --sort --start 600 --duration 3600 --out hour.jsonl");
}

void add_generate(CLI::App& trace) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = add_action(trace, "generate", "write the requests of a workload YAML as a trace",
                                 {"workload", "workload YAML or inference-perf YAML"}, options, generate);
  command.add_option("--out", options->out, "file to write")->type_name("FILE")->required();
  command.footer("Example: kvsim trace generate examples/quickstart/workload.yaml --out trace.jsonl");
}

}  // namespace

void add_trace_command(CLI::App& app) {
  CLI::App& trace = *app.add_subcommand("trace", "look at, convert and make traces");
  trace.require_subcommand(1);
  trace.footer("Example: kvsim trace info examples/quickstart/workload.yaml");
  add_info(trace);
  add_convert(trace);
  add_generate(trace);
}

}  // namespace kvsim::cli
