// SPDX-License-Identifier: Apache-2.0
// Our files are told apart by the keys at their root, for messages to who gave one in place of another.
#pragma once

#include <string>
#include <string_view>

#include "base/document.h"

namespace kvsim {

// "fleet", "problem", "case", "profile", "workload"; empty where the keys do not tell.
std::string kind_of_yaml(const Node& root);

// InputError where the keys tell another kind than `wanted`: it names the command that reads that one.
void refuse_other_kind(const Document& document, std::string_view wanted);

}  // namespace kvsim
