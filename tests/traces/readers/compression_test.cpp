// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/traces/support/trace_files.h"
#include "traces/readers/line_reader.h"

namespace kvsim::traces {
namespace {

constexpr std::string_view kTrace =
    "{\"timestamp\": 0, \"input_length\": 3, \"output_length\": 1}\n{\"timestamp\": 1, \"input_length\": 4, "
    "\"output_length\": 1}\n";

std::string zstd(std::string_view text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST(Compression, GzipAndZstdAreRecognisedByTheirBytes) {
  EXPECT_EQ(read_text(zstd(kTrace)).size(), 2u);
  EXPECT_EQ(read_text(gzip(kTrace)).size(), 2u);
}

TEST(Compression, PartsThatFollowEachOtherAreOneFile) {
  const std::string_view first = kTrace.substr(0, 20), rest = kTrace.substr(20);
  EXPECT_EQ(read_text(zstd(first) + zstd(rest)).size(), 2u);
  EXPECT_EQ(read_text(gzip(first) + gzip(rest)).size(), 2u);
}

TEST(Compression, CutAndDamagedFilesAreRefused) {
  for (const std::string& packed : {zstd(kTrace), gzip(kTrace)}) {
    for (const std::size_t kept : {packed.size() / 2, packed.size() - 1, std::size_t{5}}) {
      EXPECT_FALSE(faults_of(packed.substr(0, kept)).empty()) << kept;
    }
    std::string damaged = packed;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
    EXPECT_FALSE(faults_of(damaged).empty());
  }
}

TEST(Compression, ABombIsRefusedAtTheLineLimit) {
  const auto spaces = faults_of(zstd(std::string(std::size_t{64} << 20, 'x')));
  ASSERT_EQ(spaces.size(), 1u);
  EXPECT_EQ(spaces[0].where.line, 1);
  const auto blank = faults_of(zstd(std::string(std::size_t{64} << 20, '\n')));
  ASSERT_EQ(blank.size(), 1u);
}

TEST(Lines, EveryLineComesOutWhateverTheBufferCuts) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += std::string(static_cast<std::size_t>(i * 37 % 5000), 'a') + "b\r\n";
  LineReader lines(bytes_in_memory(text + "end", "memory"), "memory");
  for (int i = 0; i < 300; ++i) {
    const auto line = lines.next();
    ASSERT_TRUE(line);
    EXPECT_EQ(line->number, i + 1);
    EXPECT_EQ(line->text.size(), static_cast<std::size_t>(i * 37 % 5000) + 1);
  }
  EXPECT_EQ(lines.next()->text, "end");
  EXPECT_FALSE(lines.next());
}

}  // namespace
}  // namespace kvsim::traces
