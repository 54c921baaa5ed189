// SPDX-License-Identifier: Apache-2.0
// What a benchmark or a running cluster left behind, as one typed data set a run: seconds, 1/s, shares of 1,
// tokens. docs/measurements.md lists the formats and the fields that are used of each.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/errors.h"
#include "models/step_samples.h"
#include "validation/figure.h"
#include "validation/measured_series.h"

namespace kvsim::validation {

struct MeasuredStage {  // one load of a run; what the file does not tell is nothing
  std::uint32_t index = 0;
  std::optional<double> requested_rate;  // 1/s; nothing for a load by concurrency, or without a limit
  std::optional<double> concurrency;
  std::optional<double> duration_seconds;  // first start to last end
  std::optional<double> requests;
  std::optional<double> successes;
  std::optional<double> failures;
  std::optional<double> prompt_tokens_mean;
  std::optional<double> output_tokens_mean;
  std::optional<double> prompt_tokens_p50, prompt_tokens_p95;  // of an engine's histograms only
  std::optional<double> output_tokens_p50, output_tokens_p95;
  bool warm_up = false;  // the file says that it is not to be scored
};

struct EngineFacts {  // of one replica
  std::optional<std::uint64_t> kv_blocks;
  std::optional<std::uint64_t> block_tokens;
};

struct Measurements {
  std::string name;    // of the run, unique among those of one path
  std::string format;  // in words
  std::vector<std::string> files;
  std::string date;  // of the measurement, such as 2026-04-25; empty where no file tells it
  std::vector<MeasuredStage> stages;
  std::vector<MeasuredFigure> figures;  // source, noise and tolerance are left at their defaults
  std::vector<MeasuredSeries> series;
  EngineFacts engine;
  std::vector<models::StepSample> steps;  // of a step CSV
  std::vector<std::string> notes;         // what a reader must know, and what was left unread
};

struct MeasurementOptions {
  // Between the first and the last of the dumps of counters, which do not carry a time.
  std::optional<double> seconds_between;
};

// One data set for each run found in a file, or in a folder and those below it, in the order of their names.
// Formats are told apart by content. In a folder, files of no known format are noted. Faults of all files go
// to `problems`, and so does a path in which there is nothing to read.
std::vector<Measurements> read_measurements(const std::string& path, Problems& problems,
                                            const MeasurementOptions& options = {});

// The run of that name; of an empty name the only one there is. Else nullptr.
const Measurements* find_run(const std::vector<Measurements>& runs, const std::string& name);
std::vector<std::string> run_names(const std::vector<Measurements>& runs);

// The figures of the run without those of `skipped` stages and of stages that the file calls a warm-up.
std::vector<MeasuredFigure> scored_figures(const Measurements& run, std::set<std::uint32_t> skipped);

}  // namespace kvsim::validation
