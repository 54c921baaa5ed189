// SPDX-License-Identifier: Apache-2.0
// Memory in large pages: a simulation of many replicas comes back to each of them after it has been at all
// others, and with small pages looking up where memory lies takes as long as reading it.
#pragma once

namespace kvsim {

// Asks for large pages under the first GiB of this process's heap, where its system knows how (Linux with
// glibc); elsewhere it does nothing. Changes nothing but speed. Call it before memory is taken.
void prefer_huge_pages();

}  // namespace kvsim
