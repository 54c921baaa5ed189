// SPDX-License-Identifier: Apache-2.0
// What --help prints: one screen a command, each option with the kind or unit of its value and its default,
// then an example. help2man makes the manual pages of the same text.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace kvsim::cli {

constexpr std::size_t kHelpColumns = 100;  // at most, of a line
constexpr std::size_t kHelpLines = 40;     // at most, of a page

class HelpPages : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* command, std::string name, CLI::AppFormatMode mode) const override;
};

}  // namespace kvsim::cli
