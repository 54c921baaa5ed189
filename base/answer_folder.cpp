// SPDX-License-Identifier: Apache-2.0
#include "base/answer_folder.h"

#include <unistd.h>

#include <filesystem>

#include "base/errors.h"

namespace kvsim {

AnswerFolder::AnswerFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "kvsim-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw Error(ExitCode::kInternal, "cannot make a folder " + pattern);
  folder_ = pattern;
}

AnswerFolder::~AnswerFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace kvsim
