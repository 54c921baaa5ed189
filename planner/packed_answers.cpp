// SPDX-License-Identifier: Apache-2.0
#include "planner/packed_answers.h"

#include <fmt/format.h>

#include <charconv>

namespace kvsim::planner {
namespace {

// Takes its parts from the front of a text.
class Unpacker {
 public:
  explicit Unpacker(std::string_view rest) : rest_(rest) {}

  bool has_more() const { return !rest_.empty(); }

  std::size_t number(char end) {
    std::size_t value = 0;
    const auto [stopped, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    const auto digits = static_cast<std::size_t>(stopped - rest_.data());
    if (error != std::errc() || digits == rest_.size() || *stopped != end) fail();
    rest_.remove_prefix(digits + 1);
    return value;
  }

  std::string text(std::size_t size) {
    if (size > rest_.size()) fail();
    std::string taken(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return taken;
  }

  ExitCode code() {
    const std::size_t value = number(' ');
    if (value > static_cast<std::size_t>(ExitCode::kInterrupted)) fail();
    return static_cast<ExitCode>(value);
  }

 private:
  [[noreturn]] static void fail() {
    throw Error(ExitCode::kInternal, "another process sent answers that cannot be read");
  }

  std::string_view rest_;
};

}  // namespace

// Of each: code, length of message, length of text, message, text.
std::string packed(const std::vector<Answer>& answers) {
  std::string all;
  for (const Answer& answer : answers) {
    const std::string& message = answer.failure.message;
    all += fmt::format("{} {} {}\n{}{}", static_cast<int>(answer.failure.code), message.size(),
                       answer.text.size(), message, answer.text);
  }
  return all;
}

std::vector<Answer> unpacked(std::string_view all) {
  std::vector<Answer> answers;
  for (Unpacker parts(all); parts.has_more();) {
    const ExitCode code = parts.code();
    const std::size_t message = parts.number(' '), text = parts.number('\n');
    Answer answer{"", {code, parts.text(message)}};
    answer.text = parts.text(text);
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace kvsim::planner
