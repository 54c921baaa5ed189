// SPDX-License-Identifier: Apache-2.0
#include "base/new_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/errors.h"

namespace kvsim {
namespace {

[[noreturn]] void fail(const std::string& path, int error) {
  const bool taken = error == EEXIST;
  const std::string message = taken ? "it is there already, and is left as it is"
                                    : std::string("cannot write: ") + std::strerror(error);
  throw InputError({{{path},
                     "",
                     message,
                     taken ? "name another file, or move this one away first"
                           : "name a place that has room and may be written to"}});
}

}  // namespace

void write_new_file(const std::string& path, std::string_view content) {
  std::error_code told_below;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, told_below);
  std::FILE* file = std::fopen(path.c_str(), "wx");  // x: fails where the name is taken
  if (file == nullptr) fail(path, errno);
  const bool written = std::fwrite(content.data(), 1, content.size(), file) == content.size();
  const int error = errno;
  if (std::fclose(file) == 0 && written) return;
  std::filesystem::remove(path, told_below);
  fail(path, written ? errno : error);
}

}  // namespace kvsim
