// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/number_type.h"

#include <array>

#include "base/text.h"

namespace kvsim {
namespace {

struct TypeRow {
  NumberType type;
  std::string_view name;
  double bytes;
};

constexpr std::array<TypeRow, 8> kTypes{{
    {NumberType::kBf16, "bf16", 2},
    {NumberType::kFp16, "fp16", 2},
    {NumberType::kFp32, "fp32", 4},
    {NumberType::kFp8, "fp8", 1},
    {NumberType::kInt8, "int8", 1},
    {NumberType::kInt4, "int4", (4 + 16.0 / 128) / 8},
    {NumberType::kMxfp4, "mxfp4", (4 + 8.0 / 32) / 8},
    {NumberType::kNvfp4, "nvfp4", (4 + 8.0 / 16) / 8},
}};

struct Spelling {
  std::string_view text;
  NumberType type;
};

constexpr std::array<Spelling, 10> kSpellings{{
    {"bfloat16", NumberType::kBf16},
    {"float16", NumberType::kFp16},
    {"half", NumberType::kFp16},
    {"float32", NumberType::kFp32},
    {"float", NumberType::kFp32},
    {"fp8_e4m3", NumberType::kFp8},
    {"fp8_e4m3fn", NumberType::kFp8},
    {"fp8_e5m2", NumberType::kFp8},
    {"fp8_inc", NumberType::kFp8},
    {"float8_e4m3fn", NumberType::kFp8},
}};

const TypeRow& row(NumberType type) { return kTypes[static_cast<std::size_t>(type)]; }

}  // namespace

std::string_view name(NumberType type) { return row(type).name; }

double bytes_per_value(NumberType type) { return row(type).bytes; }

std::optional<NumberType> parse_number_type(std::string_view text) {
  const std::string wanted = lower(trim(text));
  for (const TypeRow& candidate : kTypes) {
    if (candidate.name == wanted) return candidate.type;
  }
  for (const Spelling& spelling : kSpellings) {
    if (spelling.text == wanted) return spelling.type;
  }
  return std::nullopt;
}

std::vector<std::string> number_type_names() {
  std::vector<std::string> names;
  for (const TypeRow& candidate : kTypes) names.emplace_back(candidate.name);
  return names;
}

}  // namespace kvsim
