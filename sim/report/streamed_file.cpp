// SPDX-License-Identifier: Apache-2.0
#include "sim/report/streamed_file.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "base/errors.h"

namespace kvsim::sim {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  Problem problem;
  problem.where.file = path;
  problem.message = what;
  problem.remedy = "choose a folder that can be written, on a disk with free space";
  throw InputError({problem});
}

}  // namespace

StreamedFile::StreamedFile(std::string path)
    : path_(std::move(path)), temporary_(path_ + ".tmp-" + std::to_string(getpid())) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
  out_.open(temporary_, std::ios::binary);
  if (!out_) fail(path_, "cannot be written");
}

StreamedFile::~StreamedFile() {
  if (committed_) return;
  out_.close();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void StreamedFile::commit() {
  out_.close();
  std::error_code error;
  if (out_) std::filesystem::rename(temporary_, path_, error);
  if (!out_ || error) fail(path_, "could not be written completely");
  committed_ = true;
}

}  // namespace kvsim::sim
