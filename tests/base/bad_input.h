// SPDX-License-Identifier: Apache-2.0
// What an InputError says.
#pragma once

#include <string>

#include "base/errors.h"

namespace kvsim {

template <class Action>
std::string input_error(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "(no error)";
}

}  // namespace kvsim
