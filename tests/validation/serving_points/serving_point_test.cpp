// SPDX-License-Identifier: Apache-2.0
// What is read of a file of published points, and what is wrong with one?
#include "validation/serving_points/serving_point.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"

namespace kvsim::validation {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kHeader =
    "source,accelerator,model,dtype,engine,scenario,date,quality,notes,n_accel,tp,isl,osl,batch,concurrency,"
    "ttft_mean_s,tpot_mean_s,e2e_mean_s,out_tok_s_total,color\n";

std::string faults_of(const std::string& text) {
  try {
    parse_serving_points(text, "points.csv");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(ServingPoints, AreReadByTheNamesOfColumns) {
  const auto points = parse_serving_points(
      kHeader + "lab,H100,Llama,bf16,vLLM,static batch,2024-11,ok,\"a, b\",2,2,128,256.5,16,,,,3.5,1e3,red\n",
      "points.csv");
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].line, 2);
  EXPECT_EQ(points[0].notes, "a, b");
  EXPECT_EQ(points[0].output_tokens, 256.5);
  EXPECT_EQ(points[0].output_tokens_per_second, 1000);
  EXPECT_FALSE(points[0].tpot_seconds);
}

TEST(ServingPoints, TellEveryFaultWithItsLine) {
  const std::string faults =
      faults_of(kHeader + "lab,,Llama,,,static batch,2024,,,2,1.5,128,256,16,,,,nan,-1,\n" +
                "lab,H100,Llama,,,static batch,2024,,,1e9,,128,1e8,16,,,,,,\n" + "lab,H100\n");
  for (const char* fault : {"points.csv:2: accelerator: found an empty cell", "points.csv:2: tp: found 1.5",
                            "points.csv:2: e2e_mean_s", "points.csv:2: out_tok_s_total: found '-1'",
                            "points.csv:3: n_accel: found 1000000000", "points.csv:3: osl: found 100000000",
                            "points.csv:4: found 2 cells for 20 columns"})
    EXPECT_THAT(faults, HasSubstr(fault));
}

TEST(ServingPoints, NeedTheirColumnsAndARow) {
  const std::string faults = faults_of("source,model\nlab,Llama\n");
  EXPECT_THAT(faults, HasSubstr("accelerator: no such column"));
  EXPECT_THAT(faults, HasSubstr("out_tok_s_total: no such column"));
  EXPECT_THAT(faults, Not(HasSubstr("source: no such column")));
  EXPECT_THAT(faults_of(kHeader), HasSubstr("no rows"));
  EXPECT_THAT(faults_of(""), HasSubstr("no such column"));
}

TEST(ServingPoints, EnginesHaveFamilies) {
  EXPECT_EQ(engine_family("PyTorch vLLM"), "vLLM");
  EXPECT_EQ(engine_family("vllm-ascend"), "vLLM-Ascend");
  EXPECT_EQ(engine_family("TensorRT 10.2.0, CUDA 12.4"), "TensorRT-LLM");
  EXPECT_EQ(engine_family("PyTorch 2.9.1+git8907517, ROCm 7.0.0"), "not stated");
  EXPECT_EQ(engine_family("sambaflow"), "sambaflow");
  EXPECT_EQ(engine_family(""), "not stated");
}

TEST(ServingPoints, DatesHaveYears) {
  EXPECT_EQ(year_of("2024-11"), "2024");
  EXPECT_EQ(year_of("2024-11-05"), "2024");
  EXPECT_EQ(year_of("2025-2026"), "2025-2026");
  EXPECT_EQ(year_of("25"), "25");
}

}  // namespace
}  // namespace kvsim::validation
