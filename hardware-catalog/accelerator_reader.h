// SPDX-License-Identifier: Apache-2.0
// One document `accelerator: NAME`; its form is in docs/catalog.md.
#pragma once

#include "base/document.h"
#include "base/errors.h"
#include "hardware-catalog/catalog.h"

namespace kvsim {

// Unknown keys and implausible figures go to `problems`.
Accelerator read_accelerator(const Document& document, Problems& problems);

}  // namespace kvsim
