// SPDX-License-Identifier: Apache-2.0
// The whole command line: every command with its options, help and messages.
#pragma once

#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace kvsim::cli {

std::unique_ptr<CLI::App> make_application(const std::string& version);

}  // namespace kvsim::cli
