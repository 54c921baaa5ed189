// SPDX-License-Identifier: Apache-2.0
#include "traces/population/languages.h"

#include "base/data_places.h"
#include "base/fields.h"

namespace kvsim::traces {

namespace {

std::vector<Language> load() {
  Problems problems;
  const Document document = load_yaml(data_directory() + "/traces/population/tokens_per_page.yaml");
  Fields root(document, problems);
  for (const char* key : {"english_words_per_page", "source", "date"}) root.text(key);
  std::vector<Language> found;
  for (auto& [code, fields] : root.named_maps("languages")) {
    Language language{code, fields.text("name"), fields.number("tokens_per_page", {1, 1e4}),
                      fields.boolean("unverified", false)};
    fields.finish();
    found.push_back(std::move(language));
  }
  root.finish();
  problems.throw_if_any();
  return found;
}

}  // namespace

const std::vector<Language>& languages() {
  static const std::vector<Language> found = load();
  return found;
}

const Language* find_language(const std::string& code) {
  for (const Language& language : languages()) {
    if (language.code == code) return &language;
  }
  return nullptr;
}

}  // namespace kvsim::traces
