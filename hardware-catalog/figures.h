// SPDX-License-Identifier: Apache-2.0
// Reading of cited figures: `{value: 3350e9, source: aic}`, where `aic` is a key of the document's map
// `sources`.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/fields.h"
#include "hardware-catalog/catalog.h"

namespace kvsim {

struct Source {
  std::string title;
  std::string date;  // YYYY, YYYY-MM or YYYY-MM-DD
  bool unverified = false;
};
using Sources = std::map<std::string, Source, std::less<>>;

bool is_date(std::string_view text);  // YYYY, YYYY-MM or YYYY-MM-DD

Sources read_sources(Fields& owner);  // the map `sources`

// Source, date, unverified, note, low and high of a figure, its value aside.
Figure read_citation(Fields& figure, const Sources& sources);

// The required figure under `key` of `owner`, with the value in `range`; as bytes it may carry a unit
// ("80GiB").
Figure read_figure(Fields& owner, std::string_view key, NumberRange range, const Sources& sources);
Figure read_bytes_figure(Fields& owner, std::string_view key, NumberRange range, const Sources& sources);

// Says so when `value` is outside of low .. high.
void check_range(Fields& figure, const Figure& read);

}  // namespace kvsim
