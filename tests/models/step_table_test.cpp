// SPDX-License-Identifier: Apache-2.0
#include "models/step_table.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/errors.h"
#include "base/files.h"
#include "tests/models/step_time_fixture.h"
#include "tests/own_folder.h"

namespace kvsim::models {
namespace {

using testing::HasSubstr;

const std::string kHeader = "prefill_tokens,decode_sequences,context_tokens,seconds\n";

// seconds = (1 + p) (1 + d) (1 + c / 10) / scale, which is linear in each direction, so interpolation is
// exact.
double product(double p, double d, double c, double scale = 100) {
  return (1 + p) * (1 + d) * (1 + c / 10) / scale;
}

std::string grid(double scale = 100) {
  std::string text = "# measured\n" + kHeader;
  for (const double c : {0, 10, 100, 1000}) {
    for (const double p : {0, 8}) {
      for (const double d : {0, 4, 16})
        text += fmt::format("{},{},{},{}\n", p, d, c, product(p, d, c, scale));
    }
  }
  return text;
}

std::string refusal(const std::string& text) {
  try {
    StepTable::parse(text, "t.csv");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(StepTable, IsExactOnAProductOfLines) {
  const StepTable table = StepTable::parse(grid(), "t.csv");
  RandomStream random(3, "table");
  for (int i = 0; i < 1000; ++i) {
    const double p = 8 * random.uniform();
    const double d = 16 * random.uniform();
    const double c = 1000 * random.uniform();
    const auto point = table.at(p, d, c);
    ASSERT_NEAR(point.seconds, product(p, d, c), 1e-9) << p << " " << d << " " << c;
    ASSERT_NEAR(point.slope, (1 + p) * (1 + d) / 1000, 1e-9);
    ASSERT_GT(point.border, c);
  }
}

TEST(StepTable, GoesOnBeyondTheGridAndSaysSo) {
  const StepTable table = StepTable::parse(grid(), "t.csv");
  EXPECT_NEAR(table.at(0, 4, 5000).seconds, product(0, 4, 5000), 1e-9);
  EXPECT_NEAR(table.at(80, 4, 10).seconds, product(80, 4, 10), 1e-9);
  const StepTable high = StepTable::parse(kHeader + "4,1,10,1\n8,1,10,2\n", "t.csv");
  EXPECT_EQ(high.at(1, 1, 10).seconds, 1);
}

TEST(StepTable, SaysWhatItCovers) {
  const auto fitted = StepTable::parse(kHeader + "4,1,10,1\n8,1,10,2\n", "t.csv").fitted();
  ASSERT_EQ(fitted.size(), 3u);
  EXPECT_EQ(name(fitted[0].quantity), "prefill_tokens");
  EXPECT_EQ(fitted[0].range.low, 4);
  EXPECT_EQ(fitted[0].range.high, 8);
  EXPECT_EQ(fitted[2].range.high, 10);
}

TEST(StepTable, RefusesBrokenFiles) {
  EXPECT_THAT(refusal(""), HasSubstr("no rows"));
  EXPECT_THAT(refusal("a,b\n"), HasSubstr("start with the header"));
  EXPECT_THAT(refusal(kHeader), HasSubstr("no rows"));
  for (const char* row :
       {"1,2,3", "1,2,3,4,5", "1,2,3,nan", "1,2,3,0", "-1,2,3,4", "1,2,3,1e308", "x,2,3,4", "1,2,3,"}) {
    EXPECT_THAT(refusal(kHeader + row + "\n"), HasSubstr("t.csv:2")) << row;
  }
  EXPECT_THAT(refusal(kHeader + "0,1,10,1\n0,2,20,2\n"), HasSubstr("2 rows for a grid of 1 x 2 x 2"));
  EXPECT_THAT(refusal(kHeader + "0,1,10,1\n0,1,20,2\n0,2,10,1\n0,1,20,2\n"),
              HasSubstr("the same point as line 3"));
  EXPECT_THAT(refusal(kHeader + "0,1,10,2\n0,1,20,1\n"), HasSubstr("t.csv:3"));
}

class TableFile {
 public:
  explicit TableFile(const std::string& content) {
    path_ = own_folder("kvsim_step_table_test.csv").string();
    write_file(path_, content);
  }
  ~TableFile() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

StepTimeResult from_table(const std::string& path) {
  static const ProfileLibrary library = lossless();
  static const ModelCard card = toy_card();
  static const Accelerator accelerator = toy_accelerator(1e9, 1e6);
  StepTimeInput input{card, accelerator, {}, 1, ""};
  input.library = &library;
  input.table = path;
  return make_step_time(input);
}

TEST(StepTable, StepsEndWhereTheSlopeChanges) {
  const TableFile file(grid());
  const auto result = from_table(file.path());
  EXPECT_EQ(result.profile, "table");
  const StepCost cost = result.model->cost(work_of({10, 20, 30, 20}));  // 80 tokens of context, 4 more a step
  EXPECT_NEAR(cost.seconds.first, product(0, 4, 80), 1e-9);
  EXPECT_NEAR(cost.seconds.at(3), product(0, 4, 88), 1e-9);
  EXPECT_EQ(cost.steps, 6u);  // 80, 84, ... 100
  EXPECT_GT(cost.ideal_memory_seconds.first, 0);
}

TEST(StepTable, RefusesATableFasterThanTheHardware) {
  const TableFile file(grid(1e9));
  try {
    from_table(file.path());
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the accelerator needs at least"));
  }
}

TEST(StepTable, RefusesAFileThatIsNotThere) { EXPECT_THROW(StepTable::load("/nonexistent.csv"), InputError); }

}  // namespace
}  // namespace kvsim::models
