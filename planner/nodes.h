// SPDX-License-Identifier: Apache-2.0
// Building trees of Nodes out of parts of a file and of values of our own. What comes from a file keeps its
// place there, so that whoever reads the tree names that place in errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"

namespace kvsim::planner {

Node text_node(std::string text);  // as if written in quotes
Node number_node(double value);    // reads back to the same bits
Node list_node(std::vector<Node> items);
Node empty_map(const Node& place = {});                 // at the place of another node
void put(Node& map, std::string_view key, Node value);  // replaces what stands there
void put_unless_null(Node& map, std::string_view key, const Node& value);
Node with_keys(const Node& map, const std::vector<std::string>& keys);  // these members only
Node without_key(const Node& map, std::string_view key);

std::string text_of(const Node& map, std::string_view key);  // of a scalar; empty: there is none

// On one line, as YAML reads it back.
std::string flow_text(const Node& node);

}  // namespace kvsim::planner
