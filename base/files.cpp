// SPDX-License-Identifier: Apache-2.0
#include "base/files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/errors.h"
#include "base/random.h"

namespace kvsim {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, std::string message, std::string remedy) {
  throw InputError({{{path}, "", std::move(message), std::move(remedy)}});
}

[[noreturn]] void fail_to_write(const std::string& path, const std::string& reason) {
  fail(path, "cannot write: " + reason, "name a place that exists, has room and may be written to");
}

// Appends what is left of `input`, one byte over the limit at most.
std::string read_up_to(std::istream& input, std::uint64_t limit_bytes) {
  std::string content;
  std::vector<char> chunk(1 << 16);
  while (content.size() <= limit_bytes && (input.read(chunk.data(), std::ssize(chunk)), input.gcount() > 0)) {
    content.append(chunk.data(), static_cast<std::size_t>(input.gcount()));
  }
  return content;
}

// Removes the temporary file unless it was renamed.
class Temporary {
 public:
  explicit Temporary(fs::path path) : path_(std::move(path)) {}
  ~Temporary() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove(path_, ignored);
  }
  const fs::path& path() const { return path_; }
  void rename_to(const fs::path& target) {
    fs::rename(path_, target);
    path_.clear();
  }

 private:
  fs::path path_;
};

void write_stream(const fs::path& place, const std::string& shown,
                  const std::function<void(std::ostream&)>& writer) {
  errno = 0;
  std::ofstream output(place, std::ios::binary | std::ios::trunc);
  if (!output) fail_to_write(shown, std::strerror(errno));
  writer(output);
  output.close();
  if (!output) fail_to_write(shown, errno != 0 ? std::strerror(errno) : "the output ended early");
}

void write_and_rename(const std::string& path, const std::function<void(std::ostream&)>& writer) {
  // A link keeps pointing where it did; pipes and devices can be written but not replaced.
  const fs::path target = fs::is_symlink(path) ? fs::weakly_canonical(path) : fs::path(path);
  if (fs::is_directory(target)) fail_to_write(path, "it is a folder");
  if (fs::is_fifo(target) || fs::is_character_file(target)) return write_stream(target, path, writer);
  if (target.has_parent_path()) fs::create_directories(target.parent_path());
  Temporary temporary(target.string() + fmt::format(".tmp-{}", getpid()));
  write_stream(temporary.path(), path, writer);
  temporary.rename_to(target);
}

}  // namespace

std::string read_file(const std::string& path, std::uint64_t limit_bytes) {
  std::error_code unknown;
  if (fs::is_directory(path, unknown)) fail(path, "found a folder", "name a file");
  errno = 0;
  std::ifstream input(path, std::ios::binary);
  if (!input) fail(path, fmt::format("cannot read: {}", std::strerror(errno)), "name a file that exists");
  std::string content = read_up_to(input, limit_bytes);
  if (input.bad()) fail(path, fmt::format("cannot read: {}", std::strerror(errno)), "check the disk");
  if (content.size() > limit_bytes) {
    fail(path, fmt::format("larger than {} bytes", limit_bytes), "name a smaller file");
  }
  return content;
}

void write_file(const std::string& path, std::string_view content) {
  write_file(path, [content](std::ostream& out) {
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
  });
}

void write_file(const std::string& path, const std::function<void(std::ostream&)>& writer) {
  try {
    write_and_rename(path, writer);
  } catch (const fs::filesystem_error& error) {
    fail_to_write(path, error.code().message());
  }
}

std::uint64_t digest(std::string_view bytes) {
  std::uint64_t state = mix64(bytes.size() + 1);
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t taken = std::min(bytes.size(), sizeof word);
    std::memcpy(&word, bytes.data(), taken);
    state = mix64(state ^ word) + 0x9E3779B97F4A7C15ull;
    bytes.remove_prefix(taken);
  }
  return mix64(state);
}

std::uint64_t digest_file(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return 0;  // a pipe can be read only once
  std::ifstream input(path, std::ios::binary);
  std::vector<char> chunk(1 << 20);
  std::uint64_t state = 0;
  while (input.read(chunk.data(), std::ssize(chunk)), input.gcount() > 0)
    state = mix64(state) ^ digest({chunk.data(), static_cast<std::size_t>(input.gcount())});
  return state;
}

std::string hex64(std::uint64_t value) { return fmt::format("{:016x}", value); }

}  // namespace kvsim
