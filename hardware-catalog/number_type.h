// SPDX-License-Identifier: Apache-2.0
// Storage and arithmetic types of weights, activations, attention and KV cache.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvsim {

enum class NumberType { kBf16, kFp16, kFp32, kFp8, kInt8, kInt4, kMxfp4, kNvfp4 };

std::string_view name(NumberType type);  // "bf16"
std::optional<NumberType> parse_number_type(
    std::string_view);  // also "bfloat16", "float16", "fp8_e4m3", "auto" is none
std::vector<std::string> number_type_names();
// Bytes of one stored value, block scales included (mxfp4: 4 bits + 8 per 32; nvfp4: 4 bits + 8 per 16).
double bytes_per_value(NumberType type);

}  // namespace kvsim
