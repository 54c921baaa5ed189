// SPDX-License-Identifier: Apache-2.0
// Strict reading of one map of a Document into typed values. Every fault goes to `Problems` with its place
// and a remedy; reading goes on with the default, so that one pass finds all faults. Keys never asked for are
// unknown keys: `finish()` reports them with the valid names. Our own files are read so; foreign files use
// `unread_keys()` instead and list what was passed over.
//
//   Fields fields(document, problems);                       // the root map
//   auto replicas = fields.integer("replicas", {1, 1'000'000}, 1);
//   Fields engine = fields.map("engine");                    // absent: an empty map
//   for (Fields& pool : fields.maps("pools")) { ... pool.finish(); }
//   fields.finish();
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"

namespace kvsim {

struct IntegerRange {
  std::int64_t low = 0;
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
};
struct NumberRange {
  double low = 0;
  double high = 1e18;
  bool low_open = false;  // true: `low` itself is not allowed
};

class Fields {
 public:
  Fields(const Document& document, Problems& problems);  // root, which must be a map
  Fields(const Node* node, std::string file, std::string path, Problems& problems);  // nullptr: absent map

  bool present() const { return node_ != nullptr; }
  bool has(std::string_view key) const;
  const std::string& path() const { return path_; }
  const std::string& file() const { return file_; }
  Location location(std::string_view key = {}) const;  // of a key's value, or of this map

  // `fallback` absent means required: a missing key is a problem and a value in range is returned.
  std::int64_t integer(std::string_view key, IntegerRange range, std::optional<std::int64_t> fallback = {});
  double number(std::string_view key, NumberRange range, std::optional<double> fallback = {});
  bool boolean(std::string_view key, std::optional<bool> fallback = {});
  std::string text(std::string_view key, std::optional<std::string> fallback = {});
  std::uint64_t bytes(std::string_view key, std::optional<std::uint64_t> fallback = {});  // "80GiB"
  double duration_seconds(std::string_view key, std::optional<double> fallback = {});     // "250ms", 1.5
  std::string choice(std::string_view key, const std::vector<std::string>& valid,
                     std::optional<std::string> fallback = {});
  std::vector<std::string> texts(std::string_view key);  // sequence of scalars, or one scalar; absent: empty
  std::vector<double> numbers(std::string_view key, NumberRange range);

  // The same without a default: nothing when the key is absent (or null).
  std::optional<std::int64_t> maybe_integer(std::string_view key, IntegerRange range);
  std::optional<double> maybe_number(std::string_view key, NumberRange range);
  std::optional<bool> maybe_boolean(std::string_view key);
  std::optional<std::string> maybe_text(std::string_view key);
  std::optional<std::uint64_t> maybe_bytes(std::string_view key);
  std::optional<double> maybe_duration_seconds(std::string_view key);

  Fields map(std::string_view key);                // absent: present() is false, every read gives its default
  std::vector<Fields> maps(std::string_view key);  // sequence of maps; absent: empty
  std::vector<std::pair<std::string, Fields>> named_maps(std::string_view key);  // map of maps, in file order
  const Node* raw(std::string_view key);  // marks the key as read; nullptr when absent
  std::vector<std::string> keys() const;  // in file order

  void problem(std::string_view key, std::string message, std::string remedy = "");
  std::vector<std::string> unread_keys() const;
  void finish();  // every unread key is a problem

 private:
  const Node* lookup(std::string_view key);  // marks the key as read; nullptr when absent or null
  void missing(std::string_view key);
  Fields child(std::string_view key, const Node* node, std::string_view suffix = "") const;
  void found_instead(std::string_view key, const Node& node, std::string remedy);
  // A scalar that `parse` understands; else a problem with the remedy, and nothing.
  template <class Value, class Parse>
  std::optional<Value> parsed(std::string_view key, const Node* node, Parse parse, const std::string& remedy);
  template <class Value>
  Value required(std::string_view key, std::optional<Value> value, std::optional<Value> fallback,
                 Value spare);

  const Node* node_;
  std::string file_;
  std::string path_;
  Problems* problems_;
  Location parent_;       // told for missing keys of an absent map
  bool refused_ = false;  // the map was no map, which is told already
  std::set<std::string, std::less<>> asked_;
};

}  // namespace kvsim
