// SPDX-License-Identifier: Apache-2.0
// Do answers that another process sends arrive as they were, and is anything else refused?
#include "planner/packed_answers.h"

#include <gtest/gtest.h>

namespace kvsim::planner {
namespace {

TEST(PackedAnswers, ArriveAsTheyWere) {
  const std::vector<Answer> sent{{"{\"a\": 1}\n", {}},
                                 {"", {ExitCode::kBadInput, "no such\nfile: 12 3 4\n"}},
                                 {std::string("\0 7", 3), {}}};
  const std::vector<Answer> got = unpacked(packed(sent));
  ASSERT_EQ(got.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(got[i].text, sent[i].text);
    EXPECT_EQ(got[i].failure.code, sent[i].failure.code);
    EXPECT_EQ(got[i].failure.message, sent[i].failure.message);
  }
  EXPECT_TRUE(unpacked("").empty());
}

TEST(PackedAnswers, RefuseWhatIsNoneOrCutOff) {
  const std::string whole = packed({{"text", {ExitCode::kBadInput, "message"}}});
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_THROW(unpacked(whole.substr(0, size)), Error) << size;
  for (const char* broken :
       {"x", "0 0 0", "0 0 9\ntext", "0 99999999999999999999 0\n", "999 0 0\n", "-1 0 0\n"})
    EXPECT_THROW(unpacked(broken), Error) << broken;
}

}  // namespace
}  // namespace kvsim::planner
