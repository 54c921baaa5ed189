// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <string>

#include "base/document.h"
#include "base/random.h"
#include "base/text.h"

namespace kvsim {
namespace {

template <class Write>
std::string written(int indent, const Write& write) {
  std::ostringstream out;
  JsonWriter json(out, indent);
  write(json);
  return out.str();
}

TEST(JsonWriter, NestsWithTwoSpaces) {
  const auto text = written(2, [](JsonWriter& json) {
    json.begin_object().member("requests", 12).key("latency").begin_object().member("p50", 0.25).end_object();
    json.key("pools")
        .begin_array()
        .value("a")
        .value(true)
        .begin_object()
        .end_object()
        .end_array()
        .end_object();
  });
  EXPECT_EQ(text,
            "{\n  \"requests\": 12,\n  \"latency\": {\n    \"p50\": 0.25\n  },\n"
            "  \"pools\": [\n    \"a\",\n    true,\n    {}\n  ]\n}\n");
}

TEST(JsonWriter, WritesOneLineWithoutIndent) {
  const auto text = written(0, [](JsonWriter& json) {
    json.begin_object().member("a", 1u).member("b", std::optional<double>()).end_object();
  });
  EXPECT_EQ(text, "{\"a\":1,\"b\":null}\n");
}

TEST(JsonWriter, EscapesWhatJsonForbids) {
  const auto text = written(0, [](JsonWriter& json) {
    json.begin_array().value("q\"b\\n\nt\tz\x01").value("gr\xc3\xb6\xc3\x9f").value("\xff").end_array();
  });
  EXPECT_EQ(text, "[\"q\\\"b\\\\n\\nt\\tz\\u0001\",\"gr\xc3\xb6\xc3\x9f\",\"\\u00ff\"]\n");
}

TEST(JsonWriter, WritesNullForWhatIsNoNumber) {
  const auto text = written(0, [](JsonWriter& json) {
    json.begin_array().value(std::nan("")).value(std::numeric_limits<double>::infinity()).end_array();
  });
  EXPECT_EQ(text, "[null,null]\n");
}

TEST(JsonWriter, WritesDoublesThatReadBackToTheSameBits) {
  RandomStream random(7, "json doubles");
  for (int i = 0; i < 2000; ++i) {
    const double number =
        (random.uniform() - 0.5) * std::pow(10.0, static_cast<double>(random.below(60)) - 30);
    const auto text = written(0, [&](JsonWriter& json) { json.value(number); });
    EXPECT_EQ(parse_double(text), number) << text;
  }
}

TEST(JsonWriter, WritesWhatTheReaderReads) {
  const auto text = written(2, [](JsonWriter& json) {
    json.begin_object().member("big", std::numeric_limits<std::uint64_t>::max()).member("x", 1e300);
    json.member("text", "a\"b").end_object();
  });
  const Document document = parse_json(text, "written.json");
  EXPECT_EQ(document.root->find("big")->scalar, "18446744073709551615");
  EXPECT_EQ(document.root->find("text")->scalar, "a\"b");
}

}  // namespace
}  // namespace kvsim
