// SPDX-License-Identifier: Apache-2.0
#include "validation/public_file.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "validation/run_recipe.h"

namespace kvsim::validation {

std::string find_public(const PublicFile& file, const std::string& case_file, std::string& missing) {
  std::error_code ignored;
  const std::string near = beside(case_file, file.name);
  if (file.name.empty() || std::filesystem::exists(near, ignored)) return near;
  const char* folder = std::getenv(file.environment.c_str());
  const std::string far = folder == nullptr ? "" : (std::filesystem::path(folder) / file.name).string();
  if (!far.empty() && std::filesystem::exists(far, ignored)) return far;
  missing = fmt::format("{} is not there; get it{}, and put it into a folder that {} names", file.name,
                        file.from.empty() ? "" : " from " + file.from, file.environment);
  return "";
}

}  // namespace kvsim::validation
