// SPDX-License-Identifier: Apache-2.0
// What is told of a command line that cannot be read: the word, the nearest that is meant, and where help is.
#pragma once

#include <string>

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace kvsim::cli {

std::string usage_fault(const CLI::App* app, const CLI::Error& error);

}  // namespace kvsim::cli
