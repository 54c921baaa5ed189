// SPDX-License-Identifier: Apache-2.0
// The runs of a case: each different one once for every seed, side by side in processes of their own.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/summary.h"
#include "validation/case.h"

namespace kvsim::validation {

// Told now and then: the share of runs done, and what was done or comes next.
using Progress = std::function<void(double share, const std::string& what)>;

using BySeed = std::vector<std::optional<double>>;    // nothing: such a run gives no such figure
std::optional<double> mean_of(const BySeed& values);  // nothing, where one is missing

class RunBatch {
 public:
  struct Place {  // of something that is wanted
    std::size_t run = 0;
    std::size_t item = 0;
  };

  // `kept`: a folder whose answers stay, so that a run of the same identity, seed and wanted figures is not
  // simulated again; empty: nothing is kept.
  explicit RunBatch(std::uint64_t seeds, std::string kept = "") : seeds_(seeds), kept_(std::move(kept)) {}

  Place want(const Run& run, const MeasuredFigure& figure);
  Place want(const Run& run, const MeasuredSeries& series);
  Place want(const Run& run, const MeasuredRequests& requests);

  // At most `jobs` at a time; the answers do not depend on it. Error where a run fails, with its message.
  void simulate(std::size_t jobs, const Progress& progress);

  // Once simulated. One value for each seed; of a series the mean over seeds at each moment.
  BySeed values(Place place) const;
  std::vector<double> series(Place place) const;
  std::vector<std::optional<double>> requests(Place place) const;  // means over seeds; nothing: one has none
  // Of the first run; empty where nothing was simulated.
  std::vector<sim::Note> validity() const;

 private:
  struct Answer {
    std::vector<std::optional<double>> figures;
    std::vector<std::vector<double>> series;
    std::vector<std::vector<std::optional<double>>> requests;
    std::vector<sim::Note> validity;
  };
  struct Wanted {
    Run run;
    std::vector<MeasuredFigure> figures;
    std::vector<MeasuredSeries> series;
    std::vector<MeasuredRequests> requests;
    std::vector<Answer> answers;  // one for each seed
  };

  std::size_t place_of(const Run& run);
  std::string answer_file(const std::string& folder, std::size_t task) const;
  static Answer answer(const Wanted& wanted, std::uint64_t seed);
  static void write(const Answer& answer, const std::string& path);
  static Answer read(const std::string& path);

  std::uint64_t seeds_;
  std::string kept_;
  std::vector<Wanted> wanted_;
};

}  // namespace kvsim::validation
