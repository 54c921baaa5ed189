// SPDX-License-Identifier: Apache-2.0
// A file that is written while a simulation runs and appears only when it is complete.
#pragma once

#include <fstream>
#include <ostream>
#include <string>

namespace kvsim::sim {

class StreamedFile {
 public:
  explicit StreamedFile(
      std::string path);  // InputError when the place cannot be written; makes parent folders
  ~StreamedFile();        // not committed: nothing is left behind
  StreamedFile(const StreamedFile&) = delete;
  StreamedFile& operator=(const StreamedFile&) = delete;

  std::ostream& out() { return out_; }
  void commit();  // InputError when not everything could be written

 private:
  std::string path_;
  std::string temporary_;
  std::ofstream out_;
  bool committed_ = false;
};

}  // namespace kvsim::sim
