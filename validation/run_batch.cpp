// SPDX-License-Identifier: Apache-2.0
#include "validation/run_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/answer_folder.h"
#include "base/files.h"
#include "base/json_writer.h"
#include "base/processes.h"
#include "base/text.h"
#include "validation/figure_of.h"
#include "validation/simulate.h"

namespace kvsim::validation {
namespace {

// A kept answer may be of another version of kvsim.
[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  throw Error(ExitCode::kBadInput,
              fmt::format("{}: {}; remove the folder: it is of another version", file, what));
}

const std::vector<Node>& list_of(const Document& document, const char* key) {
  const Node* list = document.root->find(key);
  if (list == nullptr) refuse(document.file, fmt::format("has no '{}'", key));
  return list->items;
}

std::string text_at(const Document& document, const Node& map, const char* key) {
  const Node* text = map.find(key);
  if (text == nullptr) refuse(document.file, fmt::format("has no '{}'", key));
  return text->scalar;
}

template <class Rows, class WantedRows>
bool have_sizes(const Rows& rows, const WantedRows& wanted) {
  return std::equal(
      rows.begin(), rows.end(), wanted.begin(), wanted.end(),
      [](const auto& row, const auto& of_wanted) { return row.size() == of_wanted.values.size(); });
}

std::optional<double> number_of(const Node& node) {
  return node.is_null() ? std::nullopt : parse_double(node.scalar);
}

}  // namespace

std::optional<double> mean_of(const BySeed& values) {
  double sum = 0;
  for (const std::optional<double>& value : values) {
    if (!value) return {};
    sum += *value;
  }
  return sum / static_cast<double>(values.size());
}

std::size_t RunBatch::place_of(const Run& run) {
  const auto found = std::find_if(wanted_.begin(), wanted_.end(),
                                  [&](const Wanted& wanted) { return wanted.run.identity == run.identity; });
  if (found != wanted_.end()) return static_cast<std::size_t>(found - wanted_.begin());
  wanted_.push_back({run, {}, {}, {}, {}});
  return wanted_.size() - 1;
}

RunBatch::Place RunBatch::want(const Run& run, const MeasuredFigure& figure) {
  const std::size_t at = place_of(run);
  wanted_[at].figures.push_back(figure);
  return {at, wanted_[at].figures.size() - 1};
}

RunBatch::Place RunBatch::want(const Run& run, const MeasuredSeries& series) {
  const std::size_t at = place_of(run);
  wanted_[at].series.push_back(series);
  return {at, wanted_[at].series.size() - 1};
}

RunBatch::Place RunBatch::want(const Run& run, const MeasuredRequests& requests) {
  const std::size_t at = place_of(run);
  wanted_[at].requests.push_back(requests);
  return {at, wanted_[at].requests.size() - 1};
}

RunBatch::Answer RunBatch::answer(const Wanted& wanted, std::uint64_t seed) {
  Run run = wanted.run;
  run.seed += seed;
  const Simulated simulated = validation::simulate(run);
  Answer answer;
  for (const MeasuredFigure& figure : wanted.figures)
    answer.figures.push_back(figure_of(simulated.summary, figure));
  for (const MeasuredSeries& series : wanted.series)
    answer.series.push_back(simulated.samples(series.metric, series.every_seconds, series.values.size()));
  for (const MeasuredRequests& requests : wanted.requests)
    answer.requests.push_back(simulated.seconds_of(requests));
  answer.validity = simulated.summary.validity;
  return answer;
}

void RunBatch::write(const Answer& answer, const std::string& path) {
  write_file(path, [&](std::ostream& out) {
    JsonWriter json(out, 0);
    json.begin_object().key("figures").begin_array();
    for (const std::optional<double>& figure : answer.figures) json.value(figure);
    json.end_array().key("series").begin_array();
    for (const std::vector<double>& series : answer.series) {
      json.begin_array();
      for (const double value : series) json.value(value);
      json.end_array();
    }
    json.end_array().key("requests").begin_array();
    for (const std::vector<std::optional<double>>& requests : answer.requests) {
      json.begin_array();
      for (const std::optional<double>& value : requests) json.value(value);
      json.end_array();
    }
    json.end_array().key("validity").begin_array();
    for (const sim::Note& note : answer.validity)
      json.begin_object().member("what", note.what).member("reason", note.reason).end_object();
    json.end_array().end_object();
  });
}

RunBatch::Answer RunBatch::read(const std::string& path) {
  const Document document = load_json(path);
  Answer answer;
  for (const Node& figure : list_of(document, "figures")) answer.figures.push_back(number_of(figure));
  for (const Node& series : list_of(document, "series")) {
    answer.series.emplace_back();
    for (const Node& value : series.items) answer.series.back().push_back(number_of(value).value_or(0));
  }
  for (const Node& requests : list_of(document, "requests")) {
    answer.requests.emplace_back();
    for (const Node& value : requests.items) answer.requests.back().push_back(number_of(value));
  }
  for (const Node& note : list_of(document, "validity"))
    answer.validity.push_back({text_at(document, note, "what"), text_at(document, note, "reason")});
  return answer;
}

// Named by all that the answer depends on.
std::string RunBatch::answer_file(const std::string& folder, std::size_t task) const {
  const Wanted& wanted = wanted_[task / seeds_];
  std::string asked = fmt::format("{}\n{}\n", wanted.run.identity, wanted.run.seed + task % seeds_);
  for (const MeasuredFigure& figure : wanted.figures)
    asked += fmt::format("{} {} {} {}\n", figure.metric, figure.statistic,
                         figure.stage ? std::to_string(*figure.stage) : "-", figure.gaps_per_token);
  for (const MeasuredSeries& series : wanted.series)
    asked += fmt::format("{} {} {}\n", series.metric, series.every_seconds, series.values.size());
  for (const MeasuredRequests& requests : wanted.requests) {
    asked += requests.metric;
    for (const RequestValue& value : requests.values) asked += fmt::format(" {}", value.request);
    asked += "\n";
  }
  return fmt::format("{}/{}.json", folder, hex64(digest(asked)));
}

void RunBatch::simulate(std::size_t jobs, const Progress& progress) {
  std::optional<AnswerFolder> passing;
  if (kept_.empty()) passing.emplace();
  const std::string folder = passing ? passing->path() : kept_;
  std::vector<std::string> files;
  std::vector<std::size_t> missing;
  for (std::size_t task = 0; task < wanted_.size() * seeds_; ++task) {
    files.push_back(answer_file(folder, task));
    if (!std::filesystem::exists(files.back())) missing.push_back(task);
  }
  const std::size_t count = missing.size();
  const auto simulate_one = [&](std::size_t at) {
    const std::size_t task = missing[at];
    write(answer(wanted_[task / seeds_], task % seeds_), files[task]);
  };
  const auto show = [&](std::size_t ended) {
    if (progress)
      progress(static_cast<double>(ended) / static_cast<double>(count),
               fmt::format("{} of {} runs", ended, count));
  };
  for (const Failure& end : run_in_processes(count, jobs, simulate_one, show))
    if (end.code != ExitCode::kOk) throw Error(end.code, end.message);
  for (std::size_t task = 0; task < files.size(); ++task) {
    Wanted& wanted = wanted_[task / seeds_];
    wanted.answers.push_back(read(files[task]));
    const Answer& found = wanted.answers.back();
    if (found.figures.size() != wanted.figures.size() || !have_sizes(found.series, wanted.series) ||
        !have_sizes(found.requests, wanted.requests))
      refuse(files[task], "holds other figures than were asked for");
  }
}

BySeed RunBatch::values(Place place) const {
  BySeed values;
  for (const Answer& answer : wanted_[place.run].answers) values.push_back(answer.figures[place.item]);
  return values;
}

std::vector<double> RunBatch::series(Place place) const {
  const std::vector<Answer>& answers = wanted_[place.run].answers;
  std::vector<double> means(answers.front().series[place.item].size());
  for (const Answer& answer : answers)
    for (std::size_t i = 0; i < means.size(); ++i)
      means[i] += answer.series[place.item][i] / static_cast<double>(answers.size());
  return means;
}

std::vector<std::optional<double>> RunBatch::requests(Place place) const {
  const std::vector<Answer>& answers = wanted_[place.run].answers;
  std::vector<std::optional<double>> means(answers.front().requests[place.item].size(), 0.0);
  for (const Answer& answer : answers) {
    for (std::size_t i = 0; i < means.size(); ++i) {
      const std::optional<double> seconds = answer.requests[place.item][i];
      if (means[i] && seconds)
        *means[i] += *seconds / static_cast<double>(answers.size());
      else
        means[i].reset();
    }
  }
  return means;
}

std::vector<sim::Note> RunBatch::validity() const {
  return wanted_.empty() ? std::vector<sim::Note>() : wanted_.front().answers.front().validity;
}

}  // namespace kvsim::validation
