// SPDX-License-Identifier: Apache-2.0
#include "base/fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quantity.h"
#include "base/text.h"

namespace kvsim {
namespace {

constexpr double kUnboundedNumber = 1e18;

std::string description(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kSequence:
      return "a list";
    case Node::Kind::kMap:
      return "a map";
    case Node::Kind::kScalar:
      break;
  }
  return fmt::format("\"{}\"{}", shortened(node.scalar), node.quoted ? " in quotes" : "");
}

std::string range_remedy(IntegerRange range) {
  if (range.high == IntegerRange().high) return fmt::format("give a whole number of {} or more", range.low);
  return fmt::format("give a whole number from {} to {}", range.low, range.high);
}

std::string range_remedy(NumberRange range) {
  const bool unbounded = range.high >= kUnboundedNumber;
  if (range.low_open) {
    return fmt::format("give a number above {}", range.low) +
           (unbounded ? "" : fmt::format(", up to {}", range.high));
  }
  if (unbounded && range.low <= -kUnboundedNumber) return "give a number";
  if (unbounded) return fmt::format("give a number of {} or more", range.low);
  return fmt::format("give a number from {} to {}", range.low, range.high);
}

std::string path_below(const std::string& path, std::string_view key) {
  return path + (path.empty() || key.empty() ? "" : ".") + shortened(key);
}

std::optional<std::int64_t> integer_in(const Node& node, IntegerRange range) {
  const auto value = node.quoted ? std::nullopt : parse_integer(node.scalar);
  return value && *value >= range.low && *value <= range.high ? value : std::nullopt;
}

std::optional<double> number_in(const Node& node, NumberRange range) {
  const auto value = node.quoted ? std::nullopt : parse_double(node.scalar);
  const bool too_low = value && (*value < range.low || (range.low_open && *value == range.low));
  return value && !too_low && *value <= range.high ? value : std::nullopt;
}

std::optional<bool> boolean_of(const Node& node) {
  const std::string word = node.quoted ? "" : lower(node.scalar);
  if (word == "true" || word == "false") return word == "true";
  return {};
}

double spare_number(NumberRange range) {
  return range.low_open ? std::min(range.high, range.low + 1) : range.low;
}

}  // namespace

Fields::Fields(const Document& document, Problems& problems)
    : Fields(document.root.get(), document.file, "", problems) {}

Fields::Fields(const Node* node, std::string file, std::string path, Problems& problems)
    : node_(node), file_(std::move(file)), path_(std::move(path)), problems_(&problems), parent_{file_} {
  if (node_ == nullptr || node_->is_map()) return;
  problems_->add(node_->place_in(file_), path_, "found " + description(*node_), "give a map of keys");
  node_ = nullptr;
  refused_ = true;
}

bool Fields::has(std::string_view key) const { return node_ != nullptr && node_->find(key) != nullptr; }

Location Fields::location(std::string_view key) const {
  if (node_ == nullptr) return parent_;
  const Node* value = key.empty() ? nullptr : node_->find(key);
  const Node& place = value != nullptr ? *value : *node_;
  return place.place_in(file_);
}

std::vector<std::string> Fields::keys() const {
  std::vector<std::string> names;
  if (node_ == nullptr) return names;
  for (const auto& [name, value] : node_->members) names.push_back(name);
  return names;
}

const Node* Fields::raw(std::string_view key) {
  asked_.emplace(key);
  return node_ == nullptr ? nullptr : node_->find(key);
}

const Node* Fields::lookup(std::string_view key) {
  const Node* value = raw(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void Fields::problem(std::string_view key, std::string message, std::string remedy) {
  problems_->add(location(key), path_below(path_, key), std::move(message), std::move(remedy));
}

void Fields::missing(std::string_view key) {
  if (!refused_) problem(key, "missing", "add the key");
}

void Fields::found_instead(std::string_view key, const Node& node, std::string remedy) {
  problems_->add(node.place_in(file_), path_below(path_, key), "found " + description(node),
                 std::move(remedy));
}

Fields Fields::child(std::string_view key, const Node* node, std::string_view suffix) const {
  Fields result(node, file_, path_below(path_, key) + std::string(suffix), *problems_);
  result.parent_ = location(key);
  result.refused_ = result.refused_ || refused_;
  return result;
}

template <class Value, class Parse>
std::optional<Value> Fields::parsed(std::string_view key, const Node* node, Parse parse,
                                    const std::string& remedy) {
  if (node == nullptr) return {};
  std::optional<Value> value = node->is_scalar() ? parse(*node) : std::optional<Value>();
  if (!value) found_instead(key, *node, remedy);
  return value;
}

template <class Value>
Value Fields::required(std::string_view key, std::optional<Value> value, std::optional<Value> fallback,
                       Value spare) {
  if (value) return *std::move(value);
  const Node* given = node_ == nullptr ? nullptr : node_->find(key);
  if (!fallback && (given == nullptr || given->is_null())) missing(key);
  return fallback.value_or(std::move(spare));
}

std::optional<std::int64_t> Fields::maybe_integer(std::string_view key, IntegerRange range) {
  return parsed<std::int64_t>(
      key, lookup(key), [&](const Node& node) { return integer_in(node, range); }, range_remedy(range));
}

std::optional<double> Fields::maybe_number(std::string_view key, NumberRange range) {
  return parsed<double>(
      key, lookup(key), [&](const Node& node) { return number_in(node, range); }, range_remedy(range));
}

std::optional<bool> Fields::maybe_boolean(std::string_view key) {
  return parsed<bool>(key, lookup(key), boolean_of, "give true or false");
}

std::optional<std::string> Fields::maybe_text(std::string_view key) {
  return parsed<std::string>(
      key, lookup(key), [](const Node& node) { return std::optional(node.scalar); }, "give text");
}

std::optional<std::uint64_t> Fields::maybe_bytes(std::string_view key) {
  return parsed<std::uint64_t>(
      key, lookup(key), [](const Node& node) { return parse_bytes(node.scalar); },
      "give an amount such as 80GiB, 1.5TB or 4096");
}

std::optional<double> Fields::maybe_duration_seconds(std::string_view key) {
  return parsed<double>(
      key, lookup(key), [](const Node& node) { return parse_duration_seconds(node.scalar); },
      "give a duration such as 250ms, 1m30s, 2h or seconds");
}

std::int64_t Fields::integer(std::string_view key, IntegerRange range, std::optional<std::int64_t> fallback) {
  return required(key, maybe_integer(key, range), fallback, range.low);
}

double Fields::number(std::string_view key, NumberRange range, std::optional<double> fallback) {
  return required(key, maybe_number(key, range), fallback, spare_number(range));
}

bool Fields::boolean(std::string_view key, std::optional<bool> fallback) {
  return required(key, maybe_boolean(key), fallback, false);
}

std::string Fields::text(std::string_view key, std::optional<std::string> fallback) {
  return required(key, maybe_text(key), std::move(fallback), std::string());
}

std::uint64_t Fields::bytes(std::string_view key, std::optional<std::uint64_t> fallback) {
  return required(key, maybe_bytes(key), fallback, std::uint64_t{0});
}

double Fields::duration_seconds(std::string_view key, std::optional<double> fallback) {
  return required(key, maybe_duration_seconds(key), fallback, 0.0);
}

std::string Fields::choice(std::string_view key, const std::vector<std::string>& valid,
                           std::optional<std::string> fallback) {
  const Node* node = lookup(key);
  const auto known = [&](const Node& given) {
    const bool is_valid = std::find(valid.begin(), valid.end(), given.scalar) != valid.end();
    return is_valid ? std::optional(given.scalar) : std::nullopt;
  };
  const std::string remedy = node == nullptr ? "" : valid_names_remedy(node->scalar, valid);
  return required(key, parsed<std::string>(key, node, known, remedy), std::move(fallback),
                  valid.empty() ? std::string() : valid.front());
}

std::vector<std::string> Fields::texts(std::string_view key) {
  std::vector<std::string> result;
  const Node* node = lookup(key);
  if (node == nullptr) return result;
  if (node->is_scalar()) return {node->scalar};
  if (!node->is_sequence()) found_instead(key, *node, "give a list of texts");
  for (const Node& item : node->items) {
    if (item.is_scalar()) {
      result.push_back(item.scalar);
    } else {
      found_instead(key, item, "give a list of texts");
    }
  }
  return result;
}

std::vector<double> Fields::numbers(std::string_view key, NumberRange range) {
  std::vector<double> result;
  const Node* node = lookup(key);
  const auto add = [&](const Node& item) {
    const auto value = parsed<double>(
        key, &item, [&](const Node& given) { return number_in(given, range); }, range_remedy(range));
    if (value) result.push_back(*value);
  };
  if (node == nullptr) return result;
  if (!node->is_sequence()) add(*node);
  for (const Node& item : node->items) add(item);
  return result;
}

Fields Fields::map(std::string_view key) { return child(key, lookup(key)); }

std::vector<Fields> Fields::maps(std::string_view key) {
  std::vector<Fields> result;
  const Node* node = lookup(key);
  if (node == nullptr) return result;
  if (!node->is_sequence()) found_instead(key, *node, "give a list of maps");
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    Fields item = child(key, &node->items[i], fmt::format("[{}]", i));
    if (item.present()) result.push_back(std::move(item));
  }
  return result;
}

std::vector<std::pair<std::string, Fields>> Fields::named_maps(std::string_view key) {
  std::vector<std::pair<std::string, Fields>> result;
  const Node* node = lookup(key);
  if (node == nullptr) return result;
  if (!node->is_map()) found_instead(key, *node, "give a map of maps");
  for (const auto& [name, value] : node->members) {
    Fields item = child(key, value.is_null() ? nullptr : &value, "." + shortened(name));
    if (item.present() || value.is_null()) result.emplace_back(name, std::move(item));
  }
  return result;
}

std::vector<std::string> Fields::unread_keys() const {
  std::vector<std::string> unread = keys();
  std::erase_if(unread, [&](const std::string& key) { return asked_.contains(key); });
  return unread;
}

void Fields::finish() {
  if (node_ == nullptr) return;
  const std::vector<std::string> valid(asked_.begin(), asked_.end());
  for (const auto& [key, value] : node_->members) {
    if (asked_.contains(key)) continue;
    problems_->add(value.place_in(file_), path_, fmt::format("unknown key '{}'", shortened(key)),
                   valid_names_remedy(key, valid));
  }
}

}  // namespace kvsim
