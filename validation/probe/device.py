# SPDX-License-Identifier: Apache-2.0
"""One accelerator behind torch's own device layer (CUDA and ROCm, Gaudi's HPU, XPU), or the CPU."""
import os
import platform
import subprocess
import time

import torch

from shapes import fp8_format
from tables import median_and_spread, note

# Larger than the last-level cache of any accelerator: data used in turn over twice as much comes from memory.
CACHE_BYTES = 256 << 20
FEWEST_REPEATS, LONGEST_SECONDS = 3, 1.5


def available(kind):
    if kind == "hpu":
        os.environ.setdefault("PT_HPU_LAZY_MODE", "0")  # operators run when called, as they do elsewhere
        try:
            import habana_frameworks.torch  # noqa: F401  registers torch.hpu
        except ImportError:
            return False
    layer = getattr(torch, kind, None)
    return kind == "cpu" or (layer is not None and layer.is_available())


class Device:
    def __init__(self, kind, repeats):
        kinds = ("cuda", "hpu", "xpu", "cpu") if kind == "auto" else (kind,)
        self.kind = next((each for each in kinds if available(each)), None)
        if self.kind is None:
            raise ValueError(f"torch {torch.__version__} sees no {kind} device; --device cpu runs without one")
        self.layer = None if self.kind == "cpu" else getattr(torch, self.kind)
        self.has_graphs = self.kind == "cuda"
        self.cache_bytes = CACHE_BYTES if self.layer else 1 << 20
        self.repeats = repeats

    def synchronize(self):
        if self.layer:
            self.layer.synchronize()

    def release(self):
        """Hands freed memory back, so that the next part can use it."""
        if self.layer and hasattr(self.layer, "empty_cache"):
            self.layer.empty_cache()

    def free_bytes(self):
        if self.layer:
            return self.layer.mem_get_info()[0]
        return 1 << 30  # a CPU is for trying the script out

    def fp8(self):
        hip = getattr(torch.version, "hip", None)
        architecture = torch.cuda.get_device_properties(0).gcnArchName if hip and self.kind == "cuda" else ""
        return getattr(torch, fp8_format(hip, architecture))

    def random(self, *size):
        return torch.randn(*size, device=self.kind, dtype=torch.bfloat16)

    def measure(self, run, calls=1):
        """Seconds of one of the `calls` in run(), after warm-up: (median, repeats, spread); slow ones repeat less."""
        for _ in range(2):
            run()
        seconds = []
        while len(seconds) < self.repeats and (len(seconds) < FEWEST_REPEATS or sum(seconds) < LONGEST_SECONDS):
            seconds.append(self._seconds(run))
        median, spread = median_and_spread(seconds)
        return median / calls, len(seconds), spread

    def _seconds(self, run):
        if self.layer is None or not hasattr(self.layer, "Event"):
            self.synchronize()
            start = time.perf_counter()
            run()
            self.synchronize()
            return time.perf_counter() - start
        first, last = (self.layer.Event(enable_timing=True) for _ in range(2))
        first.record()
        run()
        last.record()
        last.synchronize()
        return first.elapsed_time(last) / 1e3

    def captured(self, run):
        """run() as one graph where the device has graphs (then launches cost next to nothing), else itself."""
        if not self.has_graphs:
            return run
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            run()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            run()
        return graph.replay

    def description(self):
        about = {"kind": self.kind, "name": platform.processor() or platform.machine(), "torch": torch.__version__,
                 "cuda": torch.version.cuda, "rocm": getattr(torch.version, "hip", None),
                 "python": platform.python_version()}
        if self.layer:
            about["name"] = self.layer.get_device_name(0)
            about["memory_bytes"] = self.layer.mem_get_info()[1]
        if self.kind == "cuda":
            about["multiprocessors"] = torch.cuda.get_device_properties(0).multi_processor_count
            about.update(nvidia_smi())
        return about


def nvidia_smi():
    """Driver, clocks and power limit as nvidia-smi reads them; nothing where it is absent."""
    names = ["driver_version", "clocks.sm", "clocks.mem", "clocks.max.sm", "clocks.max.mem", "power.limit"]
    try:
        answer = subprocess.run(["nvidia-smi", "--query-gpu=" + ",".join(names), "--format=csv,noheader", "--id=0"],
                                capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    return {name.replace(".", "_"): value.strip() for name, value in zip(names, answer.split(","))}


def out_of_memory(error):
    return "out of memory" in str(error).lower()


def skip_failures(what, action):
    """action(), or None with a note where the device lacks the memory or the kernel for it."""
    try:
        return action()
    except (RuntimeError, AttributeError) as error:  # out of memory is one; an old torch lacks names
        reason = "out of memory" if out_of_memory(error) else str(error).splitlines()[0][:160]
        note(f"  {what} left out: {reason}")
        return None
