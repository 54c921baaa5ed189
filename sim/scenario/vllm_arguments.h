// SPDX-License-Identifier: Apache-2.0
// From the words of a `vllm serve` command to the settings of a pool.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/foreign.h"
#include "sim/scenario/shell_words.h"

namespace kvsim::sim {

// The arguments of the server that a command starts: what follows `vllm serve`, the Python module of the API
// server, or a container image of vLLM.
struct ServerCommand {
  Words arguments;
  std::string image;              // where the command names one
  std::optional<Word> hash_seed;  // PYTHONHASHSEED, where it is set
  int line = 0;
};
std::optional<ServerCommand> server_command(const Command& command);

// What arguments and image say about a pool, as the map of a pool in a fleet YAML.
struct ServerSettings {
  Node pool;  // model, tp, engine, kv; lines are those of the arguments
  std::vector<Question> questions;
  std::uint64_t data_parallel = 1;
};
ServerSettings read_server_command(const ServerCommand& command, const std::string& file,
                                   ForeignReading& reading);

// Adds engine.version of a vLLM image to `settings`, or the question which it is.
void read_image(const std::string& image, const Place& place, ServerSettings& settings);

// Helpers to make nodes of a pool map.
Node scalar_node(std::string text, int line);
void set_member(Node& map, const std::string& key, Node value);  // replaces an earlier one
Node& member_map(Node& map, const std::string& key);             // made when absent
void set_dotted(Node& map, const std::string& key, Node value);  // "kv.host.capacity", in maps within maps

}  // namespace kvsim::sim
