// SPDX-License-Identifier: Apache-2.0
// Whole files in, whole files out: nothing half-written is ever left under its final name.
#pragma once

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>

namespace kvsim {

std::string read_file(const std::string& path, std::uint64_t limit_bytes = 1ull << 30);  // InputError

// Writes to `path.tmp-<pid>` and renames; parent directories are made. InputError when the place cannot be
// written.
void write_file(const std::string& path, std::string_view content);
void write_file(const std::string& path, const std::function<void(std::ostream&)>& writer);

std::uint64_t digest(std::string_view bytes);  // 64-bit content digest for result files (not cryptographic)
std::uint64_t digest_file(const std::string& path);  // of a file of any size; 0 for what is no regular file
std::string hex64(std::uint64_t value);

}  // namespace kvsim
