# SPDX-License-Identifier: Apache-2.0
"""Single kernels: products of the linear layers, and attention over a KV cache of random values."""
import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.attention.bias import causal_lower_right

from device import skip_failures
from tables import Table, points_until

BACKENDS = {"flash": SDPBackend.FLASH_ATTENTION, "cudnn": getattr(SDPBackend, "CUDNN_ATTENTION", None),
            "math": SDPBackend.MATH}


def backend(name):
    return sdpa_kernel(BACKENDS[name])


def backends(device):
    """Those worth a try; devices other than CUDA and ROCm choose for themselves."""
    if not device.has_graphs:
        return ["math"]
    return ["flash"] if torch.version.hip or not BACKENDS["cudnn"] else ["flash", "cudnn"]


def fastest_backend(device, attend, *tensors):
    """Of one call on these tensors; RuntimeError where no backend works."""
    found = {name: skip_failures(f"attention by {name}", lambda name=name: device.measure(
        device.captured(lambda: attend(*tensors, name)))[0]) for name in backends(device)}
    working = [name for name in found if found[name]]
    if not working:
        raise RuntimeError("no backend of torch's attention works")
    return min(working, key=found.get)


class Linear:
    """A weight matrix of random values; fp8 has one scale a matrix, its rows are converted before the product."""

    def __init__(self, device, inputs, outputs, type_name):
        self.fp8 = type_name == "fp8"
        weight = device.random(outputs, inputs)
        if self.fp8:
            self.weight = weight.to(device.fp8())
            self.one = torch.ones((), device=device.kind)
            self.scale = self.one * inputs**-0.5
        else:
            self.weight = weight.mul_(inputs**-0.5)

    def prepared(self, rows):
        return rows.to(self.weight.dtype) if self.fp8 else rows

    def product(self, rows):
        if self.fp8:
            return torch._scaled_mm(rows, self.weight.t(), self.one, self.scale, out_dtype=torch.bfloat16)
        return F.linear(rows, self.weight)

    def __call__(self, rows):
        return self.product(self.prepared(rows))


def usable_types(device, wanted):
    """Of the wanted types, those that this device multiplies."""
    return [name for name in wanted if skip_failures(
        f"type {name}", lambda name=name: Linear(device, 64, 64, name)(device.random(16, 64))) is not None]


def measure_products(device, shape, types, tokens, folder, deadline):
    table = Table(folder, "gemm.csv",
                  ["type", "matrix", "inputs", "outputs", "tokens", "seconds", "repeats", "spread"])
    matrices = shape.layer_matrices + [shape.head_matrix]
    for type_name, matrix in points_until(deadline, [(t, m) for t in types for m in matrices]):
        name, inputs, outputs = matrix
        first = Linear(device, inputs, outputs, type_name)
        copies = -(-2 * device.cache_bytes // first.weight.nbytes)
        weights = [first] + [Linear(device, inputs, outputs, type_name) for _ in range(min(copies, 64) - 1)]
        for rows in tokens:
            def sample(rows=rows):
                x = first.prepared(device.random(rows, inputs))

                def run():
                    for weight in weights:
                        weight.product(x)
                return device.measure(device.captured(run), len(weights))
            result = skip_failures(f"{name} x {rows} tokens", sample)
            if result:
                table.add(type_name, name, inputs, outputs, rows, *result)


class KvCache:
    """Keys and values of one layer, [tokens, 2, KV heads, head dim], as engines lay them out."""

    def __init__(self, device, shape, tokens):
        self.values = device.random(tokens, 2, shape.kv_heads, shape.head_dim)

    def read(self, first, batch, context):
        """Keys and values of `batch` sequences of `context` tokens from `first` on: [batch, heads, context, dim]."""
        part = self.values[first:first + batch * context].unflatten(0, (batch, context))
        return part[:, :, 0].transpose(1, 2), part[:, :, 1].transpose(1, 2)


def attend_decodes(query, keys, values, name):
    """query [batch, heads, dim]: heads that share a KV head are rows of one product, so KV is read once."""
    batch, heads, dim = query.shape
    kv_heads = keys.shape[1]
    with backend(name):
        out = F.scaled_dot_product_attention(query.reshape(batch, kv_heads, heads // kv_heads, dim), keys, values)
    return out.reshape(batch, heads * dim)


def attend_in_two_parts(query, keys, values):
    """cuDNN has no mask for a chunk after cached tokens: attends to those and to the chunk, and weighs the two."""
    past = keys.shape[2] - query.shape[2]

    def part(tokens, causal):
        return torch.ops.aten._scaled_dot_product_cudnn_attention(
            query, keys[:, :, tokens], values[:, :, tokens], None, True, 0.0, causal)[:2]
    cached, cached_logsum = part(slice(0, past), False)
    own, own_logsum = part(slice(past, None), True)
    share = torch.sigmoid(cached_logsum - own_logsum).reshape(*own.shape[:3], 1)
    return torch.lerp(own, cached, share.to(own.dtype))


def attend_chunk(query, keys, values, name):
    """query [chunk, heads, dim], the last tokens of the context: each sees those before it and itself."""
    chunk, heads, dim = query.shape
    context = keys.shape[2]
    query = query.transpose(0, 1).unsqueeze(0)
    if name == "cudnn" and chunk < context:
        out = attend_in_two_parts(query, keys, values)
    else:
        mask = {"is_causal": True} if chunk == context else {"attn_mask": causal_lower_right(chunk, context)}
        with backend(name):
            out = F.scaled_dot_product_attention(query, keys, values, enable_gqa=True, **mask)
    return out[0].transpose(0, 1).reshape(chunk, heads * dim)


def measure_attention(device, shape, points, folder, deadline):
    """points: (batch, chunk, context); a chunk of 0 is a batch of decodes, else the chunk is part of the context."""
    table = Table(folder, "attention.csv",
                  ["phase", "backend", "batch", "chunk", "context", "heads", "kv_heads", "head_dim", "seconds",
                   "repeats", "spread"])
    largest = min(max(batch * context for batch, _, context in points),
                  device.free_bytes() // 4 // shape.kv_token_bytes)
    cache = KvCache(device, shape, max(largest, 2 * device.cache_bytes // shape.kv_token_bytes))
    points = [(name, *point) for point in points for name in backends(device) if point[0] * point[2] <= largest]
    for name, batch, chunk, context in points_until(deadline, points):
        def sample(name=name, batch=batch, chunk=chunk, context=context):
            query = device.random(chunk or batch, shape.heads, shape.head_dim)
            attend = attend_chunk if chunk else attend_decodes
            tokens = batch * context
            calls = min(-(-2 * device.cache_bytes // (tokens * shape.kv_token_bytes)), 256, len(cache.values) // tokens)

            def run():
                for i in range(max(1, calls)):
                    attend(query, *cache.read(i * tokens, batch, context), name)
            return device.measure(device.captured(run), max(1, calls))
        phase = "prefill" if chunk else "decode"
        result = skip_failures(f"{phase} attention by {name}, batch {batch}, chunk {chunk}, context {context}", sample)
        if result:
            table.add(phase, name, batch, chunk, context, shape.heads, shape.kv_heads, shape.head_dim,
                      *result)
