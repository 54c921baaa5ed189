// SPDX-License-Identifier: Apache-2.0
// Every broken trace is refused as bad input, with its line and with what to do about it.
#include <gtest/gtest.h>

#include "tests/traces/support/trace_files.h"

namespace kvsim::traces {
namespace {

struct Broken {
  const char* name;
  int line;  // of the first fault
  std::string content;
  TraceOptions options = {};
};

const std::string kMooncake =
    R"({"timestamp": 0, "input_length": 600, "output_length": 3, "hash_ids": [1, 2]})"
    "\n";
const std::string kKvsim = R"({"kvsim_trace": 1})"
                           "\n";
const std::string kAzure = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,10,2\n";
const std::string kBurst = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n";

std::string moon(const std::string& fields) { return kMooncake + "{" + fields + "}\n"; }
std::string own(const std::string& fields) { return kKvsim + "{" + fields + "}\n"; }
std::string staged(const std::string& fields) {
  return "{\"kvsim_trace\": 1, \"stages\": 2}\n{" + fields + "}\n";
}

std::string many_fields() {
  std::string text = "\"a\": 1";
  for (int i = 0; i < 100; ++i) text += ", \"f" + std::to_string(i) + "\": 1";
  return text;
}

TraceOptions as(const char* format) {
  TraceOptions options;
  options.format = format;
  return options;
}

std::vector<Broken> broken_json() {
  const std::string lengths = "\"input_length\": 600, \"output_length\": 3";
  const std::string ids = ", \"hash_ids\": [1, 2]";
  return {
      {"empty", 1, ""},
      {"blank", 1, "\n\n   \n"},
      {"binary", 1,
       std::string("\x7F"
                   "ELF\0\0\0\x01\x02",
                   9)},
      {"nul in a line", 2, kMooncake + std::string("{\"timestamp\": 1\0}", 17)},
      {"utf-16", 1, std::string("\xFF\xFE{\0\"\0", 6)},
      {"broken utf-8", 2, kMooncake + "{\"timestamp\": 1, \"x\": \"\xC3\x28\", " + lengths + "}\n"},
      {"plain words", 1, "hello world\n"},
      {"a yaml", 1, "kind: population\ntenants: []\n"},
      {"cut off", 2, kMooncake + "{\"timestamp\": 0, \"input_len"},
      {"two objects on a line", 2, kMooncake + "{\"timestamp\": 1, " + lengths + "} {}\n"},
      {"an array", 2, kMooncake + "[1, 2, 3]\n"},
      {"deep nesting", 2, kMooncake + std::string(5000, '[') + "\n"},
      {"NaN", 2, moon("\"timestamp\": NaN, " + lengths + ids)},
      {"infinite", 2, moon("\"timestamp\": Infinity, " + lengths + ids)},
      {"negative time", 2, moon("\"timestamp\": -1, " + lengths + ids)},
      {"1e308", 2, moon("\"timestamp\": 1e308, " + lengths + ids)},
      {"1e999", 2, moon("\"timestamp\": 1e999, " + lengths + ids)},
      {"time as text", 2, moon("\"timestamp\": \"12\", " + lengths + ids)},
      {"no time", 2, moon(lengths + ids)},
      {"null time", 2, moon("\"timestamp\": null, " + lengths + ids)},
      {"out of order", 3,
       moon("\"timestamp\": 10, " + lengths + ids) + "{\"timestamp\": 9, " + lengths + ids + "}\n"},
      {"no input length", 2, moon("\"timestamp\": 1, \"output_length\": 3")},
      {"input length 0", 2, moon("\"timestamp\": 1, \"input_length\": 0, \"output_length\": 3")},
      {"negative input", 2, moon("\"timestamp\": 1, \"input_length\": -5, \"output_length\": 3")},
      {"half a token", 2, moon("\"timestamp\": 1, \"input_length\": 1.5, \"output_length\": 3")},
      {"2^64 tokens", 2,
       moon("\"timestamp\": 1, \"input_length\": 18446744073709551616, \"output_length\": 3")},
      {"too many tokens", 2, moon("\"timestamp\": 1, \"input_length\": 4000000000, \"output_length\": 3")},
      {"no output length", 2, moon("\"timestamp\": 1, \"input_length\": 600" + ids)},
      {"too few ids", 2, moon("\"timestamp\": 1, \"input_length\": 60000, \"output_length\": 3" + ids)},
      {"too many ids", 2, moon("\"timestamp\": 1, \"input_length\": 6, \"output_length\": 3" + ids)},
      {"negative id", 2, moon("\"timestamp\": 1, " + lengths + ", \"hash_ids\": [1, -2]")},
      {"ids as text", 2, moon("\"timestamp\": 1, " + lengths + ", \"hash_ids\": \"1,2\"")},
      {"an id as text", 2, moon("\"timestamp\": 1, " + lengths + ", \"hash_ids\": [\"a\", \"b\"]")},
      {"a field twice", 2, moon("\"timestamp\": 1, \"timestamp\": 2, " + lengths + ids)},
      {"a hundred fields", 2, moon(many_fields())},
      {"first turn without time", 2, moon("\"session_id\": \"a\", \"delay\": 5, " + lengths + ids)},
      {"negative delay", 3,
       moon("\"session_id\": \"a\", \"timestamp\": 1, " + lengths) +
           "{\"session_id\": \"a\", \"delay\": -5, " + lengths + "}\n"},
      {"ids of no one block size", 1,
       R"({"timestamp": 0, "input_length": 600, "output_length": 3, "hash_ids": [1, 2, 3, 4, 5, 6, 7]})"
       "\n"},
      {"chat without id", 1,
       R"({"parent_chat_id": -1, "timestamp": 0, "input_length": 16, "output_length": 3, "hash_ids": [1]})"
       "\n",
       as("bailian")},
      {"all failed", 0,
       R"({"timestamp": 0, "input_length": 600, "output_length": 0, "hash_ids": [1, 2]})"
       "\n"},
  };
}

std::vector<Broken> broken_csv() {
  return {
      {"header alone", 0, "TIMESTAMP,ContextTokens,GeneratedTokens\n"},
      {"column missing", 1, "TIMESTAMP,ContextTokens\n2023-11-16 18:17:03,10\n"},
      {"column twice", 1, "TIMESTAMP,ContextTokens,ContextTokens,GeneratedTokens\n"},
      {"semicolons", 1, "TIMESTAMP;ContextTokens;GeneratedTokens\n2023-11-16 18:17:03;10;1\n"},
      {"no header", 1, "2023-11-16 18:17:03.9799600,10,2\n", as("azure")},
      {"header mid-file", 3, kAzure + "TIMESTAMP,ContextTokens,GeneratedTokens\n"},
      {"too few fields", 3, kAzure + "2023-11-16 18:17:04,10"},
      {"too many fields", 3, kAzure + "2023-11-16 18:17:04,10,2,7\n"},
      {"no such day", 3, kAzure + "2023-02-30 18:17:04,10,2\n"},
      {"time zone by name", 3, kAzure + "2023-11-16 18:17:04 PST,10,2\n"},
      {"time in seconds", 3, kAzure + "1700158624,10,2\n"},
      {"rows out of order", 3, kAzure + "2023-11-16 18:17:03.9799599,10,2\n"},
      {"no prompt", 3, kAzure + "2023-11-16 18:17:04,0,2\n"},
      {"negative answer", 3, kAzure + "2023-11-16 18:17:04,10,-2\n"},
      {"words for tokens", 3, kAzure + "2023-11-16 18:17:04,ten,2\n"},
      {"quote left open", 3, kAzure + "\"2023-11-16 18:17:04,10,2\n"},
      {"nan seconds", 2, kBurst + "nan,ChatGPT,300,80,380,API log\n"},
      {"negative seconds", 2, kBurst + "-1,ChatGPT,300,80,380,API log\n"},
      {"seconds beyond time", 2, kBurst + "1e308,ChatGPT,300,80,380,API log\n"},
      {"empty tokens", 2, kBurst + "1,ChatGPT,,80,380,API log\n"},
  };
}

std::vector<Broken> broken_own() {
  const std::string lengths = "\"input_tokens\": 10, \"output_tokens\": 2";
  const std::string first = "{\"id\": 1, \"arrival_seconds\": 1, " + lengths + "}\n";
  return {
      {"version 2", 1, "{\"kvsim_trace\": 2}\n"},
      {"unknown header", 1, "{\"kvsim_trace\": 1, \"colour\": \"red\"}\n"},
      {"no header line", 1, first, as("kvsim")},
      {"no stages", 1, "{\"kvsim_trace\": 1, \"stages\": 0}\n"},
      {"stages as text", 1, "{\"kvsim_trace\": 1, \"stages\": \"two\"}\n"},
      {"stage without header", 2, own("\"arrival_seconds\": 1, \"stage\": 0, " + lengths)},
      {"no stage", 2, staged("\"arrival_seconds\": 1, " + lengths)},
      {"stage beyond", 2, staged("\"arrival_seconds\": 1, \"stage\": 2, " + lengths)},
      {"stage below", 2, staged("\"arrival_seconds\": 1, \"stage\": -1, " + lengths)},
      {"unknown field", 2, own("\"arival_seconds\": 1, " + lengths)},
      {"no output", 2, own("\"arrival_seconds\": 1, \"input_tokens\": 10, \"output_tokens\": 0")},
      {"no arrival", 2, own(lengths)},
      {"arrival and after", 3, kKvsim + first + "{\"after\": 1, \"arrival_seconds\": 2, " + lengths + "}\n"},
      {"after nobody", 2, own("\"after\": 99, " + lengths)},
      {"after itself", 2, own("\"id\": 5, \"after\": 5, " + lengths)},
      {"think without after", 2, own("\"arrival_seconds\": 1, \"think_seconds\": 1, " + lengths)},
      {"id twice", 3, kKvsim + first + first},
      {"prompt too long", 2, own("\"arrival_seconds\": 1, " + lengths + ", \"prompt\": [[1, 0, 11]]")},
      {"prompt of pairs", 2, own("\"arrival_seconds\": 1, " + lengths + ", \"prompt\": [[1, 5]]")},
      {"empty piece", 2, own("\"arrival_seconds\": 1, " + lengths + ", \"prompt\": [[1, 0, 0]]")},
      {"max below output", 2, own("\"arrival_seconds\": 1, \"max_output_tokens\": 1, " + lengths)},
      {"timeout 0", 2, own("\"arrival_seconds\": 1, \"timeout_seconds\": 0, " + lengths)},
      {"priority beyond", 2, own("\"arrival_seconds\": 1, \"priority\": 3000000000, " + lengths)},
      {"model as number", 2, own("\"arrival_seconds\": 1, \"model\": 7, " + lengths)},
  };
}

std::vector<Broken> broken_bench() {
  const std::string head = "{\"num_prompts\": 1,\n";
  return {
      {"result without details", 1, head + "\"completed\": 1}"},
      {"arrays of different length", 1,
       head + R"("input_lens": [1, 2], "output_lens": [1, 2], "start_times": [0]})"},
      {"negative start", 1, head + R"("input_lens": [1], "output_lens": [1], "start_times": [-1]})"},
      {"lengths as text", 1, head + R"("input_lens": ["1"], "output_lens": [1], "start_times": [0]})"},
      {"result cut off", 1, head + R"("input_lens": [1, 2, 3)"},
  };
}

void expect_refused(const std::vector<Broken>& traces) {
  for (const Broken& broken : traces) {
    const std::vector<Problem> faults = faults_of(broken.content, broken.options);
    ASSERT_FALSE(faults.empty()) << broken.name << " was accepted";
    EXPECT_GE(faults[0].where.line, broken.line) << broken.name << ": " << to_string(faults[0]);
    EXPECT_LE(faults[0].where.line, broken.line == 1 ? 2 : broken.line)
        << broken.name << ": " << to_string(faults[0]);
    EXPECT_FALSE(faults[0].where.file.empty()) << broken.name;
    EXPECT_FALSE(faults[0].message.empty()) << broken.name;
    EXPECT_FALSE(faults[0].remedy.empty()) << broken.name << ": " << faults[0].message;
  }
}

TEST(BrokenTraces, JsonLines) { expect_refused(broken_json()); }
TEST(BrokenTraces, Csv) { expect_refused(broken_csv()); }
TEST(BrokenTraces, KvsimsOwn) { expect_refused(broken_own()); }
TEST(BrokenTraces, VllmBench) { expect_refused(broken_bench()); }

TEST(BrokenTraces, SeveralFaultsComeTogetherWithExitCode2) {
  std::string content = kMooncake;
  for (int i = 0; i < 50; ++i)
    content += "{\"timestamp\": 1, \"input_length\": -1, \"output_length\": 3}\n" + kMooncake;
  const TemporaryTrace file(content);
  try {
    all_requests(*open_trace(file.path()));
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::kBadInput);
    EXPECT_EQ(error.problems().size(), 20u);
    EXPECT_EQ(error.problems()[1].where.line, 4);
  }
}

TEST(BrokenTraces, ADisorderNamesItsRemedyAndSortingTakesIt) {
  const std::string content = kMooncake +
                              R"({"timestamp": 9, "input_length": 600, "output_length": 3})"
                              "\n" +
                              kMooncake;
  const auto faults = faults_of(content);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_NE(faults[0].remedy.find("kvsim trace convert --sort"), std::string::npos);
  TraceOptions options;
  options.sort = true;
  EXPECT_EQ(read_text(content, options).size(), 3u);
}

TEST(BrokenTraces, MissingFilesFoldersAndUnknownFormats) {
  EXPECT_THROW(open_trace("/no/such/trace.jsonl"), InputError);
  EXPECT_THROW(open_trace("/"), InputError);
  const TemporaryTrace file(kMooncake);
  EXPECT_THROW(open_trace(file.path(), as("monocake")), InputError);
  EXPECT_THROW(open_trace(file.path(), as("azure")), InputError);
  TraceOptions options;
  options.rate_scale = 0;
  EXPECT_THROW(open_trace(file.path(), options), UsageError);
}

}  // namespace
}  // namespace kvsim::traces
