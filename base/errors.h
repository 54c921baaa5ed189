// SPDX-License-Identifier: Apache-2.0
// What can go wrong and how it is told. Readers collect every problem of a file in `Problems` and throw once,
// so that a user sees all faults at a time, each with its place and what to do about it.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace kvsim {

// The one table of exit codes; docs/cli.md prints it.
enum class ExitCode : int {
  kOk = 0,
  kUsage = 1,
  kBadInput = 2,
  kInfeasible = 3,
  kInternal = 4,
  kInterrupted = 130
};

struct Location {
  std::string file;
  int line = 0;    // 1-based; 0: unknown
  int column = 0;  // 1-based; 0: unknown
};

struct Problem {
  Location where;
  std::string path;     // dotted path of the key, such as `pools[0].engine.block_size`; may be empty
  std::string message;  // what was found, in words
  std::string remedy;   // what is valid, or what to do; may be empty
};

// `fleet.yaml:12:3: pools[0].replicas: found -1; give a whole number from 1 to 1000000`
std::string to_string(const Problem& problem);

class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

// Wrong options on the command line.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& message) : Error(ExitCode::kUsage, message) {}
};

// One or more problems in the user's input; what() is one line for each.
class InputError : public Error {
 public:
  explicit InputError(std::vector<Problem> problems);
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

// Thrown out of long work after Ctrl-C.
class InterruptedError : public Error {
 public:
  InterruptedError() : Error(ExitCode::kInterrupted, "interrupted") {}
};

// How a piece of work ended: kOk, or why not.
struct Failure {
  ExitCode code = ExitCode::kOk;
  std::string message;
};
Failure current_failure();  // of the exception being handled

// Collects problems; keeps the first 100 and counts the rest.
class Problems {
 public:
  void add(Location where, std::string path, std::string message, std::string remedy = "");
  void take_over(const InputError& error);  // those that are not here yet
  bool empty() const { return problems_.empty(); }
  const std::vector<Problem>& all() const { return problems_; }
  void throw_if_any() const;  // InputError

 private:
  std::vector<Problem> problems_;
  std::size_t dropped_ = 0;
};

}  // namespace kvsim
