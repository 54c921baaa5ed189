// SPDX-License-Identifier: Apache-2.0
// The bytes of a file, decompressed where it starts like gzip or zstd. Memory is a few buffers whatever the
// file says: a zstd frame that wants a window of more than 128 MiB is refused.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace kvsim::traces {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Fills up to `size` bytes; 0 only at the end. InputError for a broken or cut-off file.
  virtual std::size_t read(char* into, std::size_t size) = 0;
  virtual double progress() const = 0;  // share of the file's own bytes read; negative where unknown (a pipe)
};

std::unique_ptr<ByteStream> open_bytes(const std::string& path);

// Bytes that are in memory already, under the name `path`; compression is recognised the same way.
std::unique_ptr<ByteStream> bytes_in_memory(std::string bytes, const std::string& path);

}  // namespace kvsim::traces
