// SPDX-License-Identifier: Apache-2.0
// Where forked tasks leave their answers.
#pragma once

#include <string>

namespace kvsim {

// A new folder for temporary files, gone with this object. Error (internal) where none can be made.
class AnswerFolder {
 public:
  AnswerFolder();
  ~AnswerFolder();
  AnswerFolder(const AnswerFolder&) = delete;
  AnswerFolder& operator=(const AnswerFolder&) = delete;

  const std::string& path() const { return folder_; }

 private:
  std::string folder_;
};

}  // namespace kvsim
