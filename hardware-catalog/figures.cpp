// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/figures.h"

#include <fmt/format.h>

#include "base/text.h"

namespace kvsim {
namespace {

Source read_source(Fields& fields) {
  Source source{fields.text("title"), fields.text("date"), fields.boolean("unverified", false)};
  if (fields.has("date") && !is_date(source.date)) {
    fields.problem("date", "found '" + source.date + "'", "give YYYY, YYYY-MM or YYYY-MM-DD");
  }
  if (fields.has("title") && source.title.empty())
    fields.problem("title", "found an empty title", "name the source");
  fields.finish();
  return source;
}

std::vector<std::string> keys_of(const Sources& sources) {
  std::vector<std::string> keys;
  for (const auto& [key, source] : sources) keys.push_back(key);
  return keys;
}

}  // namespace

bool is_date(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == 'd' ? !digit : text[i] != '-') return false;
  }
  return true;
}

Sources read_sources(Fields& owner) {
  Sources sources;
  for (auto& [key, fields] : owner.named_maps("sources")) sources.emplace(key, read_source(fields));
  return sources;
}

Figure read_citation(Fields& figure, const Sources& sources) {
  Figure read;
  const std::string key = figure.text("source");
  const auto source = sources.find(key);
  if (source != sources.end()) {
    read.source = source->second.title;
    read.date = source->second.date;
    read.unverified = source->second.unverified;
  } else if (figure.has("source")) {
    figure.problem("source", "found '" + key + "', which `sources` does not have",
                   valid_names_remedy(key, keys_of(sources)));
  }
  read.unverified = figure.boolean("unverified", read.unverified);
  read.note = figure.text("note", "");
  read.low = figure.maybe_number("low", {});
  read.high = figure.maybe_number("high", {});
  return read;
}

void check_range(Fields& figure, const Figure& read) {
  if (read.low.has_value() != read.high.has_value()) {
    figure.problem(read.low ? "low" : "high", "found one end of a range", "give both `low` and `high`");
  } else if (read.low && (read.value < *read.low || read.value > *read.high)) {
    figure.problem("value",
                   fmt::format("found {}, outside of its range {} to {}", read.value, *read.low, *read.high),
                   "give low <= value <= high");
  }
}

Figure read_figure(Fields& owner, std::string_view key, NumberRange range, const Sources& sources) {
  Fields figure = owner.map(key);
  Figure read = read_citation(figure, sources);
  read.value = figure.number("value", range);
  check_range(figure, read);
  figure.finish();
  return read;
}

Figure read_bytes_figure(Fields& owner, std::string_view key, NumberRange range, const Sources& sources) {
  Fields figure = owner.map(key);
  Figure read = read_citation(figure, sources);
  read.value = static_cast<double>(figure.bytes("value"));
  if (figure.has("value") && (read.value < range.low || read.value > range.high)) {
    figure.problem("value", fmt::format("found {} bytes", read.value),
                   fmt::format("give {} to {} bytes", range.low, range.high));
  }
  check_range(figure, read);
  figure.finish();
  return read;
}

}  // namespace kvsim
