// SPDX-License-Identifier: Apache-2.0
#include "base/errors.h"

#include <algorithm>

#include <fmt/format.h>

#include <new>

namespace kvsim {
namespace {

constexpr std::size_t kKeptProblems = 100;

std::string one_line_each(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += to_string(problem);
  }
  return text;
}

}  // namespace

std::string to_string(const Problem& problem) {
  std::string text = problem.where.file;
  if (problem.where.line > 0) text += fmt::format(":{}", problem.where.line);
  if (problem.where.line > 0 && problem.where.column > 0) text += fmt::format(":{}", problem.where.column);
  if (!text.empty()) text += ": ";
  if (!problem.path.empty()) text += problem.path + ": ";
  text += problem.message;
  if (!problem.remedy.empty()) text += "; " + problem.remedy;
  return text;
}

InputError::InputError(std::vector<Problem> problems)
    : Error(ExitCode::kBadInput, one_line_each(problems)), problems_(std::move(problems)) {}

Failure current_failure() {
  try {
    throw;
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const std::bad_alloc&) {
    return {ExitCode::kInternal, "out of memory"};
  } catch (const std::exception& error) {
    return {ExitCode::kInternal, std::string("internal error: ") + error.what()};
  }
}

void Problems::add(Location where, std::string path, std::string message, std::string remedy) {
  if (problems_.size() < kKeptProblems) {
    problems_.push_back({std::move(where), std::move(path), std::move(message), std::move(remedy)});
  } else {
    ++dropped_;
  }
}

void Problems::take_over(const InputError& error) {
  const auto is_told = [this](const std::string& text) {
    return std::any_of(problems_.begin(), problems_.end(),
                       [&](const Problem& told) { return to_string(told) == text; });
  };
  for (const Problem& one : error.problems())
    if (!is_told(to_string(one))) add(one.where, one.path, one.message, one.remedy);
}

void Problems::throw_if_any() const {
  if (problems_.empty()) return;
  std::vector<Problem> told = problems_;
  if (dropped_ > 0) {
    told.push_back({{told.back().where.file},
                    "",
                    fmt::format("{} more problems", dropped_),
                    "correct those above first"});
  }
  throw InputError(std::move(told));
}

}  // namespace kvsim
