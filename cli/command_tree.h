// SPDX-License-Identifier: Apache-2.0
// What help, completion and messages ask of the commands' tree.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace kvsim::cli {

std::string command_path(const CLI::App& command);  // "kvsim trace info"
std::vector<const CLI::App*> all_commands(
    const CLI::App& command);  // itself first, each before those below it
std::vector<const CLI::App*> subcommands(const CLI::App& command);  // in the order they were added

std::vector<const CLI::Option*> named_options(const CLI::App& command);  // --help too
std::vector<const CLI::Option*> arguments(const CLI::App& command);      // by position

std::vector<std::string> subcommand_names(const CLI::App& command);
std::vector<std::string> option_words(const CLI::Option& option);  // "-o", "--out": as they are typed

bool takes_value(const CLI::Option& option);
bool takes_many(const CLI::Option& option);
std::string value_name(const CLI::Option& option);            // its kind or unit: FILE, SECONDS
std::vector<std::string> choices(const CLI::Option& option);  // all that it may be; empty: not a choice

}  // namespace kvsim::cli
