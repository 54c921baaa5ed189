// SPDX-License-Identifier: Apache-2.0
#include "base/progress.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/errors.h"

namespace kvsim {
namespace {

constexpr std::int64_t kRedrawNs = 100'000'000;
constexpr int kBarCells = 30;

volatile sig_atomic_t interrupt_seen = 0;

void note_interrupt(int signal_number) {
  if (interrupt_seen != 0 && signal_number == SIGINT) {
    signal(SIGINT, SIG_DFL);
    raise(SIGINT);
  }
  interrupt_seen = 1;
}

std::int64_t wall_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

std::string drawn_bar(double fraction) {
  if (!(fraction >= 0)) return "...";
  const double shown = std::min(fraction, 1.0);
  const int filled = static_cast<int>(shown * kBarCells);
  return fmt::format("[{:=<{}}{:{}}] {:3.0f}%", "", filled, "", kBarCells - filled, shown * 100);
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_interrupt;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return interrupt_seen != 0; }

void throw_if_interrupted() {
  if (interrupted()) throw InterruptedError();
}

ProgressBar::ProgressBar(std::string label, bool enabled)
    : label_(std::move(label)), visible_(enabled && isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (visible_ && last_draw_ns_ > 0) std::fputs("\r\033[K", stderr);
}

void ProgressBar::update(double fraction, const std::string& note) {
  if (!visible_) return;
  const std::int64_t now = wall_ns();
  if (now - last_draw_ns_ < kRedrawNs) return;
  last_draw_ns_ = now;
  std::fputs(fmt::format("\r\033[K{} {} {}", label_, drawn_bar(fraction), note).c_str(), stderr);
}

}  // namespace kvsim
