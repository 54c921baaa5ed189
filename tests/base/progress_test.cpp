// SPDX-License-Identifier: Apache-2.0
#include "base/progress.h"

#include <gtest/gtest.h>

#include <csignal>

#include "base/errors.h"

namespace kvsim {
namespace {

TEST(Interrupt, FirstSetsTheFlagAndSecondKills) {
  EXPECT_EXIT(
      {
        catch_interrupts();
        if (interrupted()) std::exit(1);
        throw_if_interrupted();
        std::raise(SIGINT);
        if (!interrupted()) std::exit(2);
        try {
          throw_if_interrupted();
          std::exit(3);
        } catch (const InterruptedError& error) {
          if (error.code() != ExitCode::kInterrupted) std::exit(4);
        }
        std::raise(SIGINT);
        std::exit(5);
      },
      testing::KilledBySignal(SIGINT), "");
}

TEST(ProgressBar, IsSilentWhereStderrIsNoTerminal) {
  testing::internal::CaptureStderr();
  {
    ProgressBar bar("run");
    bar.update(0.5, "half");
    bar.update(-1, "unknown");
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace kvsim
