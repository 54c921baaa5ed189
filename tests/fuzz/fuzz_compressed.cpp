// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file that may be compressed by gzip or zstd: other bytes or an InputError, never anything
// else.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/errors.h"
#include "traces/readers/byte_stream.h"

namespace {

constexpr std::size_t kMostBytes = 64 << 20;  // a small file may hold a lot

// In pieces of other sizes than the buffers below have.
void read_all(kvsim::traces::ByteStream& stream) {
  std::array<char, 10'007> piece{};
  std::size_t total = 0;
  while (total < kMostBytes) {
    const std::size_t got = stream.read(piece.data(), piece.size());
    if (got == 0) break;
    if (got > piece.size() || !(stream.progress() <= 1)) __builtin_trap();
    total += got;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    read_all(*kvsim::traces::bytes_in_memory(bytes, "fuzz"));
  } catch (const kvsim::InputError&) {
  }
  return 0;
}
