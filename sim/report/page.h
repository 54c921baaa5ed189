// SPDX-License-Identifier: Apache-2.0
// One HTML file that draws itself and asks the network for nothing.
#pragma once

#include <ostream>
#include <string>

namespace kvsim::sim {

// `script` finds what to draw, the JSON text `data`, parsed as `data` of page/common.js. No name in title or
// data can end its element.
void write_page(std::ostream& out, const std::string& title, const std::string& data,
                const std::string& script);

}  // namespace kvsim::sim
