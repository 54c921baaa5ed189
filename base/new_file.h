// SPDX-License-Identifier: Apache-2.0
// A file that must not be there yet.
#pragma once

#include <string>
#include <string_view>

namespace kvsim {

// Parent directories are made. InputError where something has that name already, or the place cannot be
// written.
void write_new_file(const std::string& path, std::string_view content);

}  // namespace kvsim
