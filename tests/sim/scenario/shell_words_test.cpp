// SPDX-License-Identifier: Apache-2.0
// Which words a shell would pass on.
#include "sim/scenario/shell_words.h"

#include <gtest/gtest.h>

#include <random>

#include "base/text.h"

namespace kvsim::sim {
namespace {

// Commands as text: words in brackets, commands one below the other, unknown variables behind a question
// mark.
std::string words(std::string_view script, std::map<std::string, std::string> given = {}) {
  Variables variables(std::move(given));
  std::string text;
  for (const Command& command : shell_commands(script, "run.sh", 1, variables)) {
    for (const Word& word : command.words) {
      text += "[" + word.text + "]";
      if (!word.missing.empty()) text += "?" + join(word.missing, ",");
    }
    text += "\n";
  }
  return text;
}

TEST(ShellWords, quotes_and_joined_lines) {
  EXPECT_EQ(words("a 'b c'  \"d e\"f \\\n g # h\n i\\ j"), "[a][b c][d ef][g]\n[i j]\n");
  EXPECT_EQ(words("a ''"), "[a][]\n");
}

TEST(ShellWords, separators_and_redirections) {
  EXPECT_EQ(words("a; b && c | d > out.txt 2>&1 &\ne < in"), "[a]\n[b]\n[c]\n[d]\n[e]\n");
}

TEST(ShellWords, variables_that_the_script_assigns) {
  EXPECT_EQ(words("A=1\nexport B=\"$A 2\"\nrun $A \"$B\" $B ${A}x '$A'"),
            "[export]\n[run][1][1 2][1][2][1x][$A]\n");
  EXPECT_EQ(words("run ${N:-7} ${M-8}"), "[run][7][8]\n");
  EXPECT_EQ(words("A=1; A+=2; run $A"), "[run][12]\n");
}

TEST(ShellWords, lists) {
  EXPECT_EQ(words("A=(--x 1\n  # note\n  \"two words\")\nA+=(--y)\nrun \"${A[@]}\""),
            "[run][--x][1][two words][--y]\n");
}

TEST(ShellWords, what_only_the_environment_knows_is_missing) {
  EXPECT_EQ(words("run $A ${B} $(nproc) `date` $1"),
            "[run][$A]?$A[$B]?$B[$(nproc)]?$(nproc)[`date`]?`date`[$1]?$1\n");
  EXPECT_EQ(words("run $A", {{"A", "5"}}), "[run][5]\n");
  EXPECT_EQ(words("A=1; run $A", {{"A", "5"}}), "[run][5]\n");  // the user's word wins
}

TEST(ShellWords, what_only_a_branch_assigns_is_missing) {
  EXPECT_EQ(words("A=1\nif true; then A=2; fi\nrun $A"), "[true]\n[run][$A]?$A\n");
  EXPECT_EQ(words("A=1\nif true; then A=1; fi\nrun $A"), "[true]\n[run][1]\n");
}

TEST(ShellWords, here_documents_are_passed_over) {
  EXPECT_EQ(words("cat <<EOF > f\nit's not a command\nEOF\nrun"), "[cat]\n[run]\n");
}

TEST(ShellWords, lines_are_counted) {
  Variables variables;
  const auto commands = shell_commands("# x\n\nrun \\\n  a", "run.sh", 10, variables);
  ASSERT_EQ(commands.size(), 1u);
  EXPECT_EQ(commands[0].words[0].line, 12);
  EXPECT_EQ(commands[0].words[1].line, 13);
}

TEST(ShellWords, unclosed_and_endless_scripts_are_refused) {
  for (const char* script : {"run 'a", "run \"a", "run ${A", "run $(a", "run `a", "A=(1 2", "A=(1; 2)"}) {
    EXPECT_THROW(words(script), InputError) << script;
  }
  std::string bomb = "A=xxxxxxxxxxxxxxxx\n";
  for (int i = 0; i < 60; ++i) bomb += "A=$A$A\n";
  EXPECT_THROW(words(bomb), InputError);
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "${A:-";
  EXPECT_THROW(words("run " + deep + std::string(1000, '}')), InputError);
}

TEST(ShellWords, random_bytes_end_in_words_or_a_refusal) {
  std::mt19937_64 random(20261123);
  const std::string_view alphabet = "ab $'\"\\\n;&|(){}<>#=`-:[]@+0if then fi";
  for (int round = 0; round < 3000; ++round) {
    std::string script;
    for (std::uint64_t i = random() % 60; i > 0; --i) script += alphabet[random() % alphabet.size()];
    try {
      words(script);
    } catch (const InputError&) {
    }
  }
}

}  // namespace
}  // namespace kvsim::sim
