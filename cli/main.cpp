// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <iostream>

#include "base/errors.h"
#include "base/huge_pages.h"
#include "base/progress.h"
#include "cli/application.h"

namespace {

int fail(kvsim::ExitCode code, const std::string& message) {
  std::cerr << message << "\n";
  return static_cast<int>(code);
}

int run(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    if (!std::cout.flush() || std::fflush(stdout) != 0)
      return fail(kvsim::ExitCode::kBadInput, "standard output: cannot be written; is the disk full?");
    return static_cast<int>(kvsim::ExitCode::kOk);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error, std::cout, std::cerr);
    return static_cast<int>(status == 0 ? kvsim::ExitCode::kOk : kvsim::ExitCode::kUsage);
  } catch (const std::exception&) {
    const kvsim::Failure failure = kvsim::current_failure();
    return fail(failure.code, failure.message);
  }
}

}  // namespace

int main(int argc, char** argv) {
  kvsim::prefer_huge_pages();
  kvsim::catch_interrupts();
  return run(*kvsim::cli::make_application("kvsim " KVSIM_VERSION), argc, argv);
}
