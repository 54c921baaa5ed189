// SPDX-License-Identifier: Apache-2.0
#include "base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <stdexcept>

#include "tests/base/bad_input.h"

namespace kvsim {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  Files() {
    std::string pattern = (fs::temp_directory_path() / "kvsim-files-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~Files() override { fs::remove_all(folder_); }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }
  long entries() const { return std::distance(fs::directory_iterator(folder_), fs::directory_iterator()); }

  fs::path folder_;
};

TEST_F(Files, ReadBackWhatWasWritten) {
  const std::string content("a\0b\r\n\xFF", 6);
  write_file(at("deep/er/x"), content);
  EXPECT_EQ(read_file(at("deep/er/x")), content);
  write_file(at("deep/er/x"), "second");
  EXPECT_EQ(read_file(at("deep/er/x")), "second");
}

TEST_F(Files, RefuseToReadWhatIsNotThereOrTooLarge) {
  EXPECT_THAT(input_error([&] { read_file(at("none")); }), HasSubstr("cannot read: No such file"));
  EXPECT_THAT(input_error([&] { read_file(folder_.string()); }), HasSubstr("found a folder"));
  write_file(at("ten"), "0123456789");
  EXPECT_EQ(read_file(at("ten"), 10).size(), 10u);
  EXPECT_THAT(input_error([&] { read_file(at("ten"), 9); }), HasSubstr("larger than 9 bytes"));
  EXPECT_THAT(input_error([] { read_file("/dev/zero", 1000); }), HasSubstr("larger than 1000 bytes"));
}

TEST_F(Files, LeaveNothingWhenTheWriterThrows) {
  write_file(at("x"), "old");
  const auto failing = [](std::ostream& out) {
    out << "half";
    throw std::runtime_error("stop");
  };
  EXPECT_THROW(write_file(at("x"), failing), std::runtime_error);
  EXPECT_EQ(read_file(at("x")), "old");
  EXPECT_EQ(entries(), 1);
}

TEST_F(Files, TellWhyAPlaceCannotBeWritten) {
  write_file(at("file"), "x");
  EXPECT_THAT(input_error([&] { write_file(at("file/below"), "y"); }), HasSubstr("cannot write: "));
  EXPECT_THAT(input_error([&] { write_file(folder_.string(), "y"); }), HasSubstr("it is a folder"));
  EXPECT_THAT(input_error([&] { write_file("/proc/kvsim/none", "y"); }),
              HasSubstr("/proc/kvsim/none: cannot write"));
  EXPECT_THAT(input_error([] { write_file("/dev/full", std::string(1 << 20, 'x')); }),
              HasSubstr("No space left"));
  EXPECT_EQ(entries(), 1);
}

TEST_F(Files, WriteThroughLinks) {
  write_file(at("target"), "old");
  fs::create_symlink("target", at("link"));
  write_file(at("link"), "new");
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(read_file(at("target")), "new");
}

TEST_F(Files, DevicesAreWrittenAndNotReplaced) {
  write_file("/dev/null", "x");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(Digest, TellsContentsApart) {
  EXPECT_EQ(digest("abc"), digest("abc"));
  EXPECT_NE(digest("abc"), digest("abd"));
  EXPECT_NE(digest(std::string(8, '\0')), digest(std::string(16, '\0')));
  EXPECT_NE(digest(""), digest(std::string(1, '\0')));
  EXPECT_EQ(hex64(0xABCull), "0000000000000abc");
}

}  // namespace
}  // namespace kvsim
