// SPDX-License-Identifier: Apache-2.0
#include "base/huge_pages.h"

#include <cstdint>
#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace kvsim {

#ifdef __GLIBC__
// The heap's end moves at once by all that is asked for, and is not moved back; untouched, it takes no
// memory. Large blocks come from the heap, too, up to the most that glibc allows, instead of small pages of
// their own.
void prefer_huge_pages() {
  constexpr int kReserved = 1 << 30, kLargestInHeap = 32 << 20, kHugePage = 2 << 20;
  const auto begin = reinterpret_cast<std::uintptr_t>(sbrk(0));
  if (mallopt(M_TRIM_THRESHOLD, kReserved) == 0 || mallopt(M_MMAP_THRESHOLD, kLargestInHeap) == 0) return;
  mallopt(M_TOP_PAD, kReserved);
  void* volatile moves_the_end = std::malloc(kHugePage);  // not there where memory is limited to less
  std::free(moves_the_end);
  mallopt(M_TOP_PAD, kHugePage);
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0));
  const std::uintptr_t first = (begin + kHugePage - 1) / kHugePage * kHugePage;
  if (first < end) madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
}
#else
void prefer_huge_pages() {}
#endif

}  // namespace kvsim
