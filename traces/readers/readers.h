// SPDX-License-Identifier: Apache-2.0
// The readers by format. Fields and rules of each stand in docs/traces.md.
#pragma once

#include <memory>
#include <string>

#include "traces/readers/line_reader.h"
#include "traces/readers/record.h"

namespace kvsim::traces {

std::unique_ptr<RecordReader> read_mooncake(LineReader lines, const TraceOptions& options);
std::unique_ptr<RecordReader> read_bailian(LineReader lines, const TraceOptions& options);
std::unique_ptr<RecordReader> read_azure(LineReader lines, const TraceOptions& options);
std::unique_ptr<RecordReader> read_burstgpt(LineReader lines, const TraceOptions& options);
std::unique_ptr<RecordReader> read_vllm_bench(LineReader lines, const TraceOptions& options);
std::unique_ptr<RecordReader> read_kvsim(LineReader lines, const TraceOptions& options);

// Picks the reader by options.format, or by what the file starts with. InputError when that fits no format.
std::unique_ptr<RecordReader> read_records(LineReader lines, const TraceOptions& options);

}  // namespace kvsim::traces
