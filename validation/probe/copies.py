# SPDX-License-Identifier: Apache-2.0
"""Copies between host and device by block size, and a folder's disk by file size and threads."""
import mmap
import os
import tempfile
import threading
import time

import torch

from device import skip_failures
from tables import Table, median_and_spread, note, points_until

DISK_CHUNK_BYTES = 1 << 20


def blocks_of(buffer, block_bytes):
    return list(buffer.split(block_bytes))


def measure_copies(device, block_sizes, total_bytes, folder, deadline):
    """One copy for each block, issued by one host thread in blocks' order, pinned host memory."""
    table = Table(folder, "copies.csv", ["direction", "block_bytes", "bytes_per_second", "blocks", "repeats", "spread"])
    if device.layer is None:
        note("  host-device copies left out: no accelerator")
        return
    host = [torch.randint(256, (total_bytes,), dtype=torch.uint8).pin_memory(device.kind) for _ in range(2)]
    there = [torch.randint(256, (total_bytes,), dtype=torch.uint8, device=device.kind) for _ in range(2)]
    streams = [device.layer.Stream() for _ in range(2)]
    ways = {"h2d": [(there[0], host[0])], "d2h": [(host[1], there[1])]}
    ways["both"] = ways["h2d"] + ways["d2h"]

    def seconds(pairs):
        device.synchronize()
        start = time.perf_counter()
        for stream, (targets, sources) in zip(streams, pairs):
            with device.layer.stream(stream):
                torch._foreach_copy_(targets, sources, non_blocking=True)
        device.synchronize()
        return time.perf_counter() - start

    for way, block_bytes in points_until(deadline, [(w, b) for w in ways for b in block_sizes]):
        count = min(total_bytes // block_bytes, 4096)
        pairs = [[blocks_of(buffer[:count * block_bytes], block_bytes) for buffer in pair] for pair in ways[way]]

        def sample(pairs=pairs):
            seconds(pairs)
            return median_and_spread([seconds(pairs) for _ in range(device.repeats)])
        result = skip_failures(f"{way} copies of {block_bytes} B", sample)
        if result:
            table.add(way, block_bytes, len(pairs) * count * block_bytes / result[0], count, device.repeats, result[1])


class DiskFolder:
    """Files of random bytes in a folder of their own, past the page cache (O_DIRECT) where the file system can."""

    def __init__(self, path):
        self.path = path
        self.buffer = mmap.mmap(-1, DISK_CHUNK_BYTES)  # aligned to a page, as O_DIRECT asks
        self.buffer.write(os.urandom(DISK_CHUNK_BYTES))
        self.direct = getattr(os, "O_DIRECT", 0)
        if self.direct and not self.direct_works():
            self.direct = 0

    def direct_works(self):
        try:
            self.write("trial", DISK_CHUNK_BYTES)
            return True
        except OSError:
            return False

    def write(self, name, size):
        handle = os.open(os.path.join(self.path, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | self.direct, 0o600)
        try:
            for offset in range(0, size, DISK_CHUNK_BYTES):
                part = memoryview(self.buffer)[:min(DISK_CHUNK_BYTES, size - offset)]
                if os.pwrite(handle, part, offset) != len(part):
                    raise OSError("short write")
            os.fsync(handle)
            if not self.direct and hasattr(os, "posix_fadvise"):
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)

    def read(self, name, size):
        handle = os.open(os.path.join(self.path, name), os.O_RDONLY | self.direct)
        try:
            with mmap.mmap(-1, DISK_CHUNK_BYTES) as buffer:
                for offset in range(0, size, DISK_CHUNK_BYTES):
                    if os.preadv(handle, [buffer], offset) <= 0:
                        raise OSError("short read")
        finally:
            os.close(handle)

    def seconds(self, operation, threads, files, size):
        """Each thread works on every `threads`-th file."""
        errors = []

        def work(first):
            try:
                for i in range(first, files, threads):
                    operation(f"file-{i}", size)
            except OSError as error:
                errors.append(error)
        workers = [threading.Thread(target=work, args=(i,)) for i in range(threads)]
        start = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if errors:
            raise errors[0]
        return time.perf_counter() - start


def measure_disk(folder_to_test, file_sizes, thread_counts, total_bytes, repeats, folder, deadline):
    table = Table(folder, "disk.csv", ["direction", "file_bytes", "threads", "bytes_per_second", "files", "direct",
                                       "repeats", "spread"])
    with tempfile.TemporaryDirectory(dir=folder_to_test, prefix="kvsim-probe-") as path:
        disk = DiskFolder(path)
        for size, threads in points_until(deadline, [(s, t) for s in file_sizes for t in thread_counts]):
            files = max(threads, min(total_bytes // size, 256))
            try:
                for direction, operation in (("write", disk.write), ("read", disk.read)):
                    seconds, spread = median_and_spread(
                        [disk.seconds(operation, threads, files, size) for _ in range(repeats)])
                    table.add(direction, size, threads, files * size / seconds, files, 1 if disk.direct else 0, repeats,
                              spread)
            except OSError as error:
                note(f"  {files} files of {size} B left out: {error}")
            for name in os.listdir(path):
                os.unlink(os.path.join(path, name))
