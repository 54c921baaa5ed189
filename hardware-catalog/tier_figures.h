// SPDX-License-Identifier: Apache-2.0
// Documents `copies:` and `storage_kinds:`; their form is in docs/catalog.md.
#pragma once

#include <string>
#include <vector>

#include "base/document.h"
#include "base/errors.h"
#include "hardware-catalog/catalog.h"

namespace kvsim {

Copies read_copies(const Document& document, Problems& problems);
std::vector<StorageKind> read_storage_kinds(const Document& document, Problems& problems);

}  // namespace kvsim
