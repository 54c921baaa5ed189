#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the priors of this folder from attained kernel speeds; docs/step-time.md gives the model that is fitted.

    fit_priors.py KERNEL_FOLDER HARDWARE_CSV READ_DATE

KERNEL_FOLDER holds kernel_gemm.csv, kernel_attention.csv, kernel_comm.csv (AIConfigurator's published tables) and
microbench_azure.csv. Shares are of the peaks in HARDWARE_CSV. Those tables time kernels in short bursts; where the probe
of this project has measured whole steps of an accelerator (validation/probe/data), the compute share of products is the
one they attain there, at the clocks that the power limit leaves. Each fit minimises the mean of |ln(model / measured)|
by a Nelder-Mead search from a fixed start, so the same inputs give the same files. Standard library only.
"""
import csv
import json
import math
import pathlib
import statistics
import sys

SYSTEMS = {  # kernel tables: the accelerator measured, and others of the same design that borrow its shares
    "a100_sxm": ("A100-80-SXM", ["A100-40-SXM", "A100-80-PCIe", "A30"]),
    "h100_sxm": ("H100-SXM-80", ["H100-PCIe-80", "H100-NVL-94", "H20-96", "GH200-96"]),
    "h200_sxm": ("H200-SXM", ["H200-NVL", "GH200-144"]),
    "l40s": ("L40S", ["L4", "RTX4090"]),
    "rtx_pro_6000_server": ("RTX-PRO-6000-SE", []),
    "b200_sxm": ("B200-SXM", []),
    "b300_sxm": ("B300-SXM", []),
    "gb200": ("GB200-NVL72", []),
    "gb300": ("GB300-NVL72", []),
    "b60": ("Arc-Pro-B60", []),
}
GEMM_TYPES = {"bf16": (["bfloat16"], 2.0), "fp8": (["fp8", "fp8_block"], 1.0), "nvfp4": (["nvfp4"], 0.5625)}
PEAKS = {"bf16": "bf16_dense_tflops", "fp8": "fp8_dense_tflops", "nvfp4": "fp4_dense_tflops"}
LARGE_KV_BYTES = 400e6  # above it no cache of the accelerator holds the KV between repetitions
SMALL_KV_BYTES = 8e6    # below it the kernel's own latency decides
LAUNCH_FLOOR_SECONDS = 15e-6  # a table whose fastest product is slower was timed without CUDA graphs


PROBES = {"h100_sxm": "h100-2026-11", "h200_sxm": "h200-2026-11"}  # folders of validation/probe/data
# Siblings with less arithmetic for their power: it does not slow their products, so theirs are those of the tables.
UNTHROTTLED = ["H20-96"]
ELEMENTWISE_BANDWIDTH_SHARE = 0.82  # as in engine.yaml
FEWEST_SUSTAINED_TOKENS = 512       # of a step whose products are bound by arithmetic


def share(z):
    return 0.995 / (1 + math.exp(-max(-30.0, min(30.0, z))))  # no kernel reaches the whole peak


def nelder_mead(cost, start, iterations=700):
    n = len(start)
    simplex = [(cost(start), start)]
    for i in range(n):
        point = list(start)
        point[i] += 0.6
        simplex.append((cost(point), point))
    for _ in range(iterations):
        simplex.sort(key=lambda vertex: vertex[0])
        centre = [sum(vertex[1][i] for vertex in simplex[:-1]) / n for i in range(n)]

        def towards(factor):
            point = [c + factor * (w - c) for c, w in zip(centre, simplex[-1][1])]
            return cost(point), point

        reflected = towards(-1.0)
        if reflected[0] < simplex[0][0]:
            simplex[-1] = min(towards(-2.0), reflected)
        elif reflected[0] < simplex[-2][0]:
            simplex[-1] = reflected
        else:
            contracted = towards(0.5)
            if contracted[0] < simplex[-1][0]:
                simplex[-1] = contracted
            else:
                best = simplex[0][1]
                points = [[(a + b) / 2 for a, b in zip(best, vertex[1])] for vertex in simplex[1:]]
                simplex = [simplex[0]] + [(cost(p), p) for p in points]
    return min(simplex)


def mean_error(model, rows):
    return sum(abs(math.log(model(*row[:-1]) / row[-1])) for row in rows) / len(rows)


def fit_gemm(rows, peak, bandwidth, value_bytes):
    """seconds = kernel + max(2 n k (m + half) / (share peak), bytes / (share bandwidth))"""
    def model(x):
        kernel, compute, memory, half = 1e-6 + math.exp(x[0]), share(x[1]), share(x[2]), math.exp(min(x[3], 8.0))
        return lambda m, n, k: kernel + max(2.0 * n * k * (m + half) / (compute * peak),
                                            (value_bytes * n * k + 2.0 * m * (n + k)) / (memory * bandwidth))
    error, x = nelder_mead(lambda p: mean_error(model(p), rows), [math.log(3e-6), 1.7, 1.7, math.log(50)])
    half = math.exp(min(x[3], 8.0))
    return error, {"gemm_kernel_seconds": 1e-6 + math.exp(x[0]), "gemm_compute_share": share(x[1]),
                   "gemm_bandwidth_share": share(x[2]), "gemm_half_tokens": half if half > 0.5 else 0.0}


def fit_launched_gemm(rows, peak, floor):
    """Products timed without CUDA graphs tell the compute share alone, where they last well over the launch."""
    rates = [2.0 * m * n * k / (seconds * peak) for m, n, k, seconds in rows if seconds > 2.5 * floor and m >= 2048]
    middle = statistics.median(rates)
    return statistics.mean(abs(math.log(rate / middle)) for rate in rates), {"gemm_compute_share": middle}


def fit_prefill(rows, peak):
    """seconds = kernel + 4 d heads (pairs + padding tokens) / (share peak)"""
    def model(x):
        return lambda b, c, heads, _, d: math.exp(x[0]) + 4.0 * d * heads * b * (
            c * (c + 1) / 2 + math.exp(min(x[2], 8.0)) * c) / (share(x[1]) * peak)
    error, x = nelder_mead(lambda p: mean_error(model(p), rows), [math.log(1e-5), 0.3, 5.0])
    return error, {"prefill_kernel_seconds": math.exp(x[0]), "prefill_compute_share": share(x[1]),
                   "prefill_padding_tokens": math.exp(min(x[2], 8.0))}


def fit_decode(rows, bandwidth, value_bytes):
    """seconds = kernel + batch (context + padding) KV bytes / (share bandwidth)"""
    def kv_bytes(b, c, kv_heads, d):
        return 2.0 * b * c * kv_heads * d * value_bytes

    small = [r for r in rows if kv_bytes(r[0], r[1], r[3], r[4]) < SMALL_KV_BYTES]
    large = [r for r in rows if kv_bytes(r[0], r[1], r[3], r[4]) > LARGE_KV_BYTES]

    def model(x):
        return lambda b, c, _, kv_heads, d: math.exp(x[0]) + kv_bytes(
            b, c + math.exp(min(x[2], 6.0)), kv_heads, d) / (share(x[1]) * bandwidth)
    error, x = nelder_mead(lambda p: (mean_error(model(p), small) + mean_error(model(p), large)) / 2,
                           [math.log(1e-5), 2.0, 4.0])
    return error, {"decode_kernel_seconds": math.exp(x[0]), "decode_bandwidth_share": share(x[1]),
                   "decode_padding_tokens": math.exp(min(x[2], 6.0))}


def fit_allreduce(rows, ranks, bandwidth):
    """seconds = latency + 2 (ranks - 1) / ranks bytes / (share bandwidth), on the fastest library for each size"""
    def model(x):
        return lambda size: math.exp(x[0]) + 2.0 * (ranks - 1) / ranks * size / (share(x[1]) * bandwidth)
    error, x = nelder_mead(lambda p: mean_error(model(p), rows), [math.log(2e-5), 1.0])
    return error, {"allreduce_latency_seconds": math.exp(x[0]), "allreduce_bandwidth_share": share(x[1])}


def sustained_shares(folder, type_name, peak, bandwidth, half):
    """Share of peak that products attain in steps of one prompt: the step less its attention and its small kernels."""
    shape = json.loads((folder / "machine.json").read_text())["shape"]
    layers, hidden, query = shape["layers"], shape["hidden"], shape["heads"] * shape["head_dim"]
    key_value, inner = 2 * shape["kv_heads"] * shape["head_dim"], shape["intermediate"]
    parameters = layers * (hidden * (query + key_value) + query * hidden + 3 * hidden * inner)
    values = layers * (8 * hidden + 2 * (query + key_value) + 3 * inner) + 2 * hidden  # as rank_shape() counts them
    small = (2 * values + layers * 2 * key_value) / (ELEMENTWISE_BANDWIDTH_SHARE * bandwidth)
    attention = {}
    for r in read(folder / "attention.csv"):
        if r["phase"] == "prefill" and r["chunk"] == r["context"]:
            tokens = int(r["chunk"])
            attention[tokens] = min(attention.get(tokens, math.inf), layers * float(r["seconds"]))
    shares = []
    for r in read(folder / "steps.csv"):
        tokens = int(r["n_prefill"])
        if r["type"] == type_name and r["n_decode"] == r["past"] == "0" and tokens >= FEWEST_SUSTAINED_TOKENS:
            products = float(r["step_seconds"]) - attention[tokens] - tokens * small
            shares.append(2.0 * parameters * (tokens + half) / products / peak)
    return shares


def sustained(system, found, hardware, probes):
    """The fits of a system with what whole steps say of its products, and those of fp8 where the tables lack them."""
    folder, bandwidth = probes / PROBES[system], float(hardware["mem_bw_GBps"]) * 1e9
    day = json.loads((folder / "machine.json").read_text())["date"]
    values = {key: value for key, value, *_ in found}
    changed = {}
    fp8 = [(int(r["tokens"]), int(r["outputs"]), int(r["inputs"]), float(r["seconds"]))
           for r in read(folder / "gemm.csv") if r["type"] == "fp8"]
    if fp8 and "gemm_kernel_seconds.fp8" not in values:
        error, fitted = fit_gemm(fp8, float(hardware[PEAKS["fp8"]]) * 1e12, bandwidth, 1.0)
        for key, value in fitted.items():
            changed[key + ".fp8"] = (value, error, f"kvsim probe {folder.name}, gemm.csv fp8", day)
    for type_name in ("bf16", "fp8"):
        half = changed.get(f"gemm_half_tokens.{type_name}", (values.get(f"gemm_half_tokens.{type_name}", 0.0),))[0]
        shares = sustained_shares(folder, type_name, float(hardware[PEAKS[type_name]]) * 1e12, bandwidth, half)
        if shares:
            changed[f"gemm_compute_share.{type_name}"] = (
                statistics.median(shares), (min(shares), max(shares)),
                f"kvsim probe {folder.name}, whole steps of {FEWEST_SUSTAINED_TOKENS} tokens and more; low and high: extremes",
                day)
    kept = [(key, *changed.pop(key, rest)) for key, *rest in found]
    return kept + [(key, *rest) for key, rest in changed.items()]


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def fit_system(system, hardware, gemm, attention, comm):
    """(coefficient, value, relative error, source) of one system."""
    bandwidth = float(hardware["mem_bw_GBps"]) * 1e9
    found = []

    def add(suffix, fitted, source):
        found.extend((name + suffix, value, fitted[0], source) for name, value in fitted[1].items())

    for type_name, (dtypes, value_bytes) in GEMM_TYPES.items():
        for dtype in dtypes:
            rows = [(int(r["m"]), int(r["n"]), int(r["k"]), float(r["latency_ms"]) / 1e3) for r in gemm
                    if r["system"] == system and r["dtype"] == dtype and int(r["n"]) * int(r["k"]) >= 1 << 24]
            peak = float(hardware[PEAKS[type_name]] or 0) * 1e12
            if rows and peak and (type_name == "bf16" or hardware[PEAKS[type_name]] != hardware[PEAKS["bf16"]]):
                floor = min(float(r["latency_ms"]) / 1e3 for r in gemm if r["system"] == system and r["dtype"] == dtype)
                launched = floor > LAUNCH_FLOOR_SECONDS and type_name != "bf16"
                fitted = fit_launched_gemm(rows, peak, floor) if launched else fit_gemm(
                    rows, peak, bandwidth, value_bytes)
                version = next(r["vllm"] for r in gemm if r["system"] == system and r["dtype"] == dtype)
                add("." + type_name, fitted, f"kernel_gemm {system} {dtype}, vLLM {version}")
                break
    rows = {}
    for r in attention:
        if r["system"] == system and r["attn_dtype"] == "bfloat16":
            rows.setdefault((r["phase"], r["kv_dtype"]), []).append(
                (int(r["batch"]), int(r["ctx"]), int(r["heads"]), int(r["kv_heads"]), int(r["head_dim"]),
                 float(r["latency_ms"]) / 1e3))
    peak = float(hardware["bf16_dense_tflops"]) * 1e12
    prefill = [r for r in rows[("prefill", "bfloat16")] if r[0] * r[1] >= 128]
    fitted = fit_prefill(prefill, peak)
    fitted[1]["prefill_compute_share.bf16"] = fitted[1].pop("prefill_compute_share")
    add("", fitted, f"kernel_attention {system} prefill bfloat16")
    if ("prefill", "fp8") in rows and hardware["fp8_dense_tflops"] != hardware["bf16_dense_tflops"]:
        error, values = fit_prefill([r for r in rows[("prefill", "fp8")] if r[0] * r[1] >= 128],
                                    float(hardware["fp8_dense_tflops"]) * 1e12)
        found.append(("prefill_compute_share.fp8", values["prefill_compute_share"], error,
                      f"kernel_attention {system} prefill, KV fp8"))
    fitted = fit_decode(rows[("decode", "bfloat16")], bandwidth, 2.0)
    fitted[1]["decode_bandwidth_share.bf16"] = fitted[1].pop("decode_bandwidth_share")
    add("", fitted, f"kernel_attention {system} decode bfloat16")
    if ("decode", "fp8") in rows:
        error, values = fit_decode(rows[("decode", "fp8")], bandwidth, 1.0)
        found.append(("decode_bandwidth_share.fp8", values["decode_bandwidth_share"], error,
                      f"kernel_attention {system} decode, KV fp8"))
    link = float(hardware["scaleup_GBps_unidir_per_dev"]) * 1e9
    for ranks in (2, 4, 8):
        best = {}
        for r in comm:
            if r["system"] == system and r["op"] == "all_reduce" and int(r["num_gpus"]) == ranks:
                size = 2 * int(r["message_elems"])
                best[size] = min(best.get(size, math.inf), float(r["latency_ms"]) / 1e3)
        if best:
            add(f".tp{ranks}", fit_allreduce(sorted(best.items()), ranks, link),
                f"kernel_comm {system} all_reduce, {ranks} ranks, the fastest library of each size")
    return found


def fit_mi300x(hardware, bench):
    """AMD: square fp8 products, STREAM, one attention figure and RCCL; bf16 takes the fp8 shares."""
    peak = float(hardware["fp8_dense_tflops"]) * 1e12
    mine = [r for r in bench if r["accelerator"] == "MI300X"]
    gemms = [[int(part[1:]) for part in r["shape_or_size"].split()] + [float(r["value"]) * 1e12]
             for r in mine if r["metric"] == "gemm_tflops"]
    rows = [(m, n, k, 2.0 * m * n * k / rate) for m, n, k, rate in gemms if m < 100000 and n % 1024 == 0]
    best = max(rate for *_, rate in gemms) / peak
    error, values = fit_gemm(rows, peak, float(hardware["mem_bw_GBps"]) * 1e9, 1.0)
    stream = statistics.median(float(r["value"]) for r in mine if r["metric"] == "hbm_stream_TBps")
    stream /= float(hardware["mem_bw_GBps"]) / 1e3
    flash = [float(r["value"]) for r in mine if "Flash" in r["shape_or_size"]][0] / float(hardware["bf16_dense_tflops"])
    link = float(hardware["scaleup_GBps_unidir_per_dev"]) * 1e9
    rings = [(float(r["shape_or_size"].split()[0]), float(r["value"]) * 1e9)
             for r in mine if r["metric"].startswith("allreduce")]
    ring_error, ring = fit_allreduce([(size, 1.75 * size / rate) for size, rate in rings if size <= 2**28], 8, link)
    found = []
    for name in ("bf16", "fp8"):
        gemm_source = "microbench_azure MI300X square fp8 GEMM" + (", assumed for bf16" if name == "bf16" else "")
        found += [(f"gemm_compute_share.{name}", values["gemm_compute_share"], max(error, best / values[
            "gemm_compute_share"] - 1, 0.2), gemm_source),
                  (f"gemm_half_tokens.{name}", values["gemm_half_tokens"], 0.5, gemm_source),
                  (f"gemm_bandwidth_share.{name}", stream, 0.1, "microbench_azure MI300X STREAM"),
                  (f"decode_bandwidth_share.{name}", stream, 0.2, "microbench_azure MI300X STREAM")]
    found += [("prefill_compute_share.bf16", flash, 0.3, "microbench_azure MI300X Flash Attention 2"),
              ("elementwise_bandwidth_share", stream, 0.1, "microbench_azure MI300X STREAM"),
              ("allreduce_latency_seconds.tp8", ring["allreduce_latency_seconds"], ring_error,
               "microbench_azure MI300X all-reduce, 8 ranks")]
    for ranks in (2, 4, 8):  # a mesh of 7 links: ranks - 1 of them carry the traffic
        found.append((f"allreduce_bandwidth_share.tp{ranks}", ring["allreduce_bandwidth_share"] * (ranks - 1) / 7,
                      ring_error if ranks == 8 else 0.3,
                      f"microbench_azure MI300X all-reduce, 8 ranks; {ranks - 1} of 7 links of the mesh"))
    return found


def generic(fits):
    """Median over the fitted systems; low and high are the extremes, the low of a share halved."""
    values = {}
    for found in fits:
        for key, value, *_ in found:
            values.setdefault(key, []).append(value)
    result = []
    for key, seen in values.items():
        low = min(seen) * (0.5 if is_share(key) else 1.0)
        result.append((key, statistics.median(seen), (low, max(seen)), f"median over {len(seen)} accelerators"))
    return result


def number(value):
    return f"{value:.4g}"


def is_share(name):
    return "_share" in name


def write(path, name, accelerators, measured_on, source, date, found):
    quoted = [f'"{accelerator}"' for accelerator in accelerators]
    with open(path, "w") as file:
        file.write("# SPDX-License-Identifier: Apache-2.0\n# Made by fit_priors.py; low and high are the value times "
                   "1 -+ the mean error of its fit, unless the source says otherwise.\n")
        file.write(f"name: {name}\nkind: prior\naccelerators: [{', '.join(quoted)}]\n")
        file.write(f"measured_on: \"{measured_on}\"\nsource: \"{source}\"\ndate: \"{date}\"\ncoefficients:\n")
        for key, value, error, origin, *own_date in found:
            low, high = error if isinstance(error, tuple) else (value * max(0.0, 1 - error), value * (1 + error))
            high = min(high, 1.0) if is_share(key) else high
            file.write(f"  {key}: {{value: {number(value)}, low: {number(low)}, high: {number(high)}, "
                       f"source: \"{origin}\"" + "".join(f", date: \"{day}\"" for day in own_date) + "}\n")


def main(kernels, hardware_csv, date):
    folder, out = pathlib.Path(kernels), pathlib.Path(__file__).parent
    probes = out.parent.parent / "validation/probe/data"
    hardware = {r["accelerator"]: r for r in read(hardware_csv)}
    gemm, attention, comm = (read(folder / f"kernel_{part}.csv") for part in ("gemm", "attention", "comm"))
    source = "AIConfigurator kernel tables (Apache-2.0)"
    fits = []
    for system, (accelerator, siblings) in SYSTEMS.items():
        fits.append(fit_system(system, hardware[accelerator], gemm, attention, comm))
        name, found = accelerator.lower() + "-kernels", fits[-1]
        if system in PROBES:
            found = sustained(system, found, hardware[accelerator], probes)
        throttled = [sibling for sibling in siblings if sibling not in UNTHROTTLED]
        write(out / f"{name}.yaml", name, [accelerator] + throttled, accelerator, source, date, found)
        for sibling in set(siblings) - set(throttled):
            name = sibling.lower() + "-kernels"
            write(out / f"{name}.yaml", name, [sibling], accelerator, source, date, fits[-1])
    amd = fit_mi300x(hardware["MI300X"], read(folder / "microbench_azure.csv"))
    write(out / "amd-kernels.yaml", "amd-kernels", ["AMD/*"], "MI300X", "Azure microbenchmarks (MIT)", date, amd)
    write(out / "generic-kernels.yaml", "generic-kernels", ["*"], "ten NVIDIA and Intel Arc accelerators", source, date,
          generic(fits))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
