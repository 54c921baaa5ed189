// SPDX-License-Identifier: Apache-2.0
// Long work shows a bar on a terminal and nothing in a pipe, and stops at Ctrl-C.
#pragma once

#include <cstdint>
#include <string>

namespace kvsim {

void catch_interrupts();  // SIGINT and SIGTERM set a flag; a second SIGINT kills
bool interrupted();
void throw_if_interrupted();  // InterruptedError

// Draws on stderr at most ten times a second of wall time when stderr is a terminal; else silent.
class ProgressBar {
 public:
  explicit ProgressBar(std::string label, bool enabled = true);
  ~ProgressBar();                                         // clears the line
  void update(double fraction, const std::string& note);  // fraction in [0, 1]; negative: unknown

 private:
  std::string label_;
  bool visible_;
  std::int64_t last_draw_ns_ = 0;
};

}  // namespace kvsim
