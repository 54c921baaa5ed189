// SPDX-License-Identifier: Apache-2.0
// Lines of a byte stream, of at most 16 MiB each. Line ends are \n or \r\n; the last line may lack its end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traces/readers/byte_stream.h"

namespace kvsim::traces {

struct Line {
  std::string_view text;  // valid until the next call; at least 64 readable bytes follow it
  int number = 0;         // 1-based
};

class LineReader {
 public:
  static constexpr std::size_t kLongestLine = std::size_t{16} << 20;

  LineReader(std::unique_ptr<ByteStream> bytes, std::string path);

  // The next line that is not blank. InputError for a line that is too long or holds a NUL byte.
  std::optional<Line> next();

  // The first bytes of the file, at most 64 KiB; only before the first next().
  std::string_view head();
  // Everything from here on, without its line ends changed. InputError above `limit` bytes.
  std::string rest(std::size_t limit);
  // The lines ahead, at most `lines` of them, within 1 MiB after the first; the last may be cut off there.
  // Without taking them.
  std::vector<Line> peek(std::size_t lines);

  const std::string& path() const { return path_; }
  double progress() const { return bytes_->progress(); }

 private:
  bool fill();  // reads more behind end_; false at the end
  std::optional<Line> next_raw();
  bool has_line_end() const;  // among what is read ahead
  [[noreturn]] void too_long(int line) const;
  [[noreturn]] void fail(std::string message, std::string remedy) const;

  std::unique_ptr<ByteStream> bytes_;
  std::string path_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  int line_ = 0;
  bool started_ = false;
};

}  // namespace kvsim::traces
