// SPDX-License-Identifier: Apache-2.0
#include "traces/readers/line_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "traces/readers/refuse.h"

namespace kvsim::traces {
namespace {

constexpr std::size_t kReadAtOnce = std::size_t{1} << 18;
constexpr std::size_t kPadding = 64;  // what simdjson may read behind a line
constexpr std::size_t kMostBlankLines = 10'000;
constexpr std::size_t kHead = std::size_t{1} << 16;
constexpr std::size_t kMostPeeked = std::size_t{1} << 20;

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteStream> bytes, std::string path)
    : bytes_(std::move(bytes)), path_(std::move(path)), buffer_(kReadAtOnce + kPadding) {}

void LineReader::fail(std::string message, std::string remedy) const {
  refuse({path_, line_}, "", std::move(message), std::move(remedy));
}

bool LineReader::fill() {
  if (begin_ > 0 && end_ + kPadding == buffer_.size()) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ + kPadding == buffer_.size()) buffer_.resize((buffer_.size() - kPadding) * 2 + kPadding);
  const std::size_t got = bytes_->read(buffer_.data() + end_, buffer_.size() - kPadding - end_);
  end_ += got;
  return got > 0;
}

std::string_view LineReader::head() {
  while (end_ < kHead && fill()) {
  }
  if (!started_ && std::string_view(buffer_.data(), end_).starts_with("\xEF\xBB\xBF")) begin_ = 3;
  started_ = true;
  return {buffer_.data() + begin_, std::min(end_ - begin_, kHead)};
}

std::optional<Line> LineReader::next_raw() {
  if (!started_) head();
  ++line_;
  std::size_t searched = 0;
  while (true) {
    const char* from = buffer_.data() + begin_;
    const void* found = std::memchr(from + searched, '\n', end_ - begin_ - searched);
    if (found) {
      const auto length = static_cast<std::size_t>(static_cast<const char*>(found) - from);
      begin_ += length + 1;
      return Line{{from, length}, line_};
    }
    searched = end_ - begin_;
    if (searched > kLongestLine) too_long(line_);
    if (!fill()) break;
  }
  if (begin_ == end_) return {};
  const Line last{{buffer_.data() + begin_, end_ - begin_}, line_};
  begin_ = end_;
  return last;
}

std::optional<Line> LineReader::next() {
  for (std::size_t blank = 0; blank < kMostBlankLines; ++blank) {
    std::optional<Line> line = next_raw();
    if (!line) return {};
    if (std::memchr(line->text.data(), 0, line->text.size())) {
      fail("the line holds a NUL byte", "a trace is UTF-8 text; this file is binary or UTF-16");
    }
    line->text = trim(line->text);
    if (!line->text.empty()) return line;
  }
  fail(fmt::format("{} blank lines in a row", kMostBlankLines),
       "a trace has one record a line; cut the file here");
}

std::string LineReader::rest(std::size_t limit) {
  if (!started_) head();
  while (end_ - begin_ <= limit && fill()) {
  }
  if (end_ - begin_ > limit) {
    fail(fmt::format("the document is larger than {} MiB", limit >> 20),
         "split it, or keep only the arrays read");
  }
  std::string all(buffer_.data() + begin_, end_ - begin_);
  begin_ = end_;
  return all;
}

std::vector<Line> LineReader::peek(std::size_t lines) {
  if (!started_) head();
  while (end_ - begin_ < kMostPeeked && fill()) {
  }
  while (!has_line_end() && end_ - begin_ <= kLongestLine && fill()) {
  }
  if (!has_line_end() && end_ - begin_ > kLongestLine) too_long(line_ + 1);
  std::vector<Line> ahead;
  std::string_view left(buffer_.data() + begin_, end_ - begin_);
  for (int number = line_ + 1; ahead.size() < lines && !left.empty(); ++number) {
    const std::size_t length = left.find('\n');
    const std::string_view text = trim(left.substr(0, length));
    if (!text.empty()) ahead.push_back({text, number});
    if (length == std::string_view::npos) break;
    left.remove_prefix(length + 1);
  }
  return ahead;
}

bool LineReader::has_line_end() const {
  return std::memchr(buffer_.data() + begin_, '\n', end_ - begin_) != nullptr;
}

void LineReader::too_long(int line) const {
  refuse({path_, line}, "", fmt::format("the line is longer than {} MiB", kLongestLine >> 20),
         "a trace has one record a line; check that this is the right file");
}

}  // namespace kvsim::traces
