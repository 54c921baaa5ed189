// SPDX-License-Identifier: Apache-2.0
// Copies between GPU and host, and kinds of storage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "hardware-catalog/catalog.h"
#include "tests/catalog/temporary_folder.h"

namespace kvsim {
namespace {

using testing::HasSubstr;

const std::string kShipped = std::string(KVSIM_SOURCE_DIR) + "/hardware-catalog";

const std::string kTape = R"(storage_kinds:
  sources: {book: {title: a book, date: "2025"}}
  kinds:
    tape:
      local: false
      evicted_by: store
      latency_seconds: {value: 60, source: book}
      operations_per_second: {value: 0.1, source: book}
      lookup_seconds: {value: 0.001, source: book}
      thread_bytes_per_second: {value: 3e8, source: book}
)";

const std::string kCopies = R"(copies:
  measured_on: H200
  sources: {own: {title: our own measurement, date: "2026-02"}}
  methods:
    dma: &m
      to_host: {fixed_seconds: {value: 1e-6, source: own}, bytes_per_second: {value: 50e9, source: own}}
      to_gpu: {fixed_seconds: {value: 1e-6, source: own}, bytes_per_second: {value: 50e9, source: own}}
      interference: {value: 0, source: own}
    kernel: *m
)";

Catalog with(const std::string& overlay) {
  TemporaryFolder folder;
  return Catalog::load(kShipped, {folder.add("overlay.yaml", overlay)});
}

std::string refusal(std::string text, const std::string& found, const std::string& replacement) {
  text.replace(text.find(found), found.size(), replacement);
  try {
    with(text);
    return "accepted";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(TierFigures, every_shipped_one_is_cited_and_storage_kinds_are_assumptions) {
  const Catalog catalog = Catalog::load(kShipped);
  EXPECT_EQ(catalog.storage_kinds().size(), 6u);
  for (const auto& [name, kind] : catalog.storage_kinds()) {
    EXPECT_EQ(kind.local, name == "local-nvme");
    for (const Figure* figure : {&kind.latency_seconds, &kind.operations_per_second, &kind.lookup_seconds,
                                 &kind.thread_bytes_per_second}) {
      EXPECT_FALSE(figure->source.empty()) << name;
      EXPECT_TRUE(figure->unverified) << name;
    }
  }
  ASSERT_NE(catalog.copies(), nullptr);
  EXPECT_EQ(catalog.copies()->measured_on, "H100-SXM-80");
  EXPECT_FALSE(catalog.copies()->dma.to_host.fixed_seconds.unverified);
  EXPECT_TRUE(catalog.copies()->kernel.interference.unverified);
}

TEST(TierFigures, overlays_add_kinds_and_replace_the_copies) {
  const Catalog catalog = with(kTape + "---\n" + kCopies);
  EXPECT_EQ(catalog.storage_kinds().size(), 7u);
  EXPECT_DOUBLE_EQ(catalog.storage_kinds().find("tape")->second.latency_seconds.value, 60);
  EXPECT_EQ(catalog.copies()->measured_on, "H200-SXM");  // by its alias
  EXPECT_DOUBLE_EQ(catalog.copies()->kernel.to_gpu.bytes_per_second.value, 50e9);
}

TEST(TierFigures, what_is_given_twice_in_one_overlay_is_refused) {
  EXPECT_THAT(refusal(kTape + "---\n" + kTape, "", ""), HasSubstr("'tape' is given twice"));
  EXPECT_THAT(refusal(kCopies + "---\n" + kCopies, "", ""), HasSubstr("'copies' is given twice"));
}

TEST(TierFigures, broken_ones_are_refused_with_their_place) {
  EXPECT_THAT(refusal(kTape, "store", "magic"), HasSubstr("storage_kinds.kinds.tape.evicted_by"));
  EXPECT_THAT(refusal(kTape, "value: 3e8", "value: 0"), HasSubstr("thread_bytes_per_second.value"));
  EXPECT_THAT(refusal(kTape, "value: 60", "value: .nan"), HasSubstr("latency_seconds.value"));
  EXPECT_THAT(refusal(kTape, "local: false", "colour: red"), HasSubstr("colour"));
  EXPECT_THAT(refusal(kCopies, "H200", "H2000"), HasSubstr("unknown accelerator 'H2000'"));
  EXPECT_THAT(refusal(kCopies, "value: 50e9", "value: -1"), HasSubstr("copies.methods.dma.to_host"));
  EXPECT_THAT(refusal(kCopies, "kernel: *m", "gds: *m"), HasSubstr("gds"));
}

}  // namespace
}  // namespace kvsim
