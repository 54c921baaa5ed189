// SPDX-License-Identifier: Apache-2.0
// Reads settings out of a map as their forms say; a visitor for visit_pool() and its like.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/fields.h"
#include "sim/scenario/residency.h"
#include "sim/scenario/setting.h"

namespace kvsim::sim {

class SettingReader {
 public:
  explicit SettingReader(Fields& fields) : fields_(fields) {}

  // A dot in the key leads into a map within the map.
  template <class T, class Form>
  void operator()(std::string_view dotted_key, Setting<T>& setting, const Form& how) {
    const std::size_t dot = dotted_key.rfind('.');
    const bool is_inner = dot != std::string_view::npos;
    const std::string_view key = is_inner ? dotted_key.substr(dot + 1) : dotted_key;
    Fields& owner = is_inner ? map_at(dotted_key.substr(0, dot)) : fields_;
    if (!owner.has(key)) {
      owner.maybe_text(key);  // so that it counts as a known key
      return;
    }
    setting.place = place_of(owner, key);
    read(owner, key, setting.value, how);
  }

  void finish_inner_maps();  // unknown keys and empty maps are problems

 private:
  static Place place_of(const Fields& owner, std::string_view key);
  Fields& map_at(std::string_view dotted_key);

  static void read(Fields& owner, std::string_view key, std::optional<std::string>& value, const form::Text&);
  static void read(Fields& owner, std::string_view key, std::optional<std::string>& value,
                   const form::OneOf& how);
  static void read(Fields& owner, std::string_view key, std::optional<std::string>& value, const form::Seed&);
  static void read(Fields& owner, std::string_view key, std::optional<std::uint64_t>& value,
                   const form::Whole& how);
  static void read(Fields& owner, std::string_view key, std::optional<std::uint64_t>& value,
                   const form::Tokens& how);
  static void read(Fields& owner, std::string_view key, std::optional<std::uint64_t>& value,
                   const form::Bytes&);
  static void read(Fields& owner, std::string_view key, std::optional<double>& value,
                   const form::Number& how);
  static void read(Fields& owner, std::string_view key, std::optional<double>& value, const form::Duration&);
  static void read(Fields& owner, std::string_view key, std::optional<bool>& value, const form::Flag&);
  static void read(Fields& owner, std::string_view key, std::optional<Labels>& value, const form::LabelMap&);

  Fields& fields_;
  std::map<std::string, Fields, std::less<>> inner_;  // by dotted key
};

// A duration of `fields` that is not absurd; nothing when the key is absent.
std::optional<double> read_duration(Fields& fields, std::string_view key);
// Bytes above 0, up to kMostBytes; nothing when the key is absent.
std::optional<std::uint64_t> read_bytes(Fields& fields, std::string_view key);

// "8192", "8k" (8000), "8K" (8192), "1.5M" as vLLM's command line reads whole numbers.
std::optional<std::int64_t> parse_token_count(std::string_view text);

}  // namespace kvsim::sim
