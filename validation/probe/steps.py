# SPDX-License-Identifier: Apache-2.0
"""Whole steps of a model: every layer has weights and a KV cache of its own, so that no cache holds them."""
import dataclasses

import torch
import torch.nn.functional as F

from device import skip_failures
from kernels import KvCache, Linear, attend_chunk, attend_decodes, fastest_backend
from shapes import BYTES
from tables import Table, note, points_until

COLUMNS = ["n_prefill", "n_decode", "sum_context", "step_seconds", "attention_pairs", "chunk", "type", "layers",
           "repeats", "spread", "past", "decode_context", "launch", "backend"]
LAUNCH_COLUMNS = ["type", "n_decode", "decode_context", "layers", "graph_seconds", "eager_seconds", "repeats", "spread"]
SHORT_CONTEXT = 128    # decodes of which the launches are measured too
MEMORY_SHARE = 0.85    # the rest is for activations
FEWEST_KV_TOKENS = 1 << 16


@dataclasses.dataclass(frozen=True)
class Work:
    """`batch` decodes that each attend to `context` tokens, and one chunk of a prompt after `past` cached tokens."""
    batch: int
    context: int
    chunk: int = 0
    past: int = 0

    @property
    def tokens(self):
        return self.batch + self.chunk

    @property
    def sampled(self):
        return self.batch + (1 if self.chunk else 0)

    @property
    def sum_context(self):
        return self.batch * self.context + (self.past + self.chunk if self.chunk else 0)

    @property
    def attention_pairs(self):
        return self.chunk * (self.past + (self.chunk + 1) / 2)


def add_norm(x, residual, weight):
    residual = residual + x
    return F.rms_norm(residual, weight.shape, weight), residual


def rotate(qkv, cosine, sine, rotated):
    low, high = qkv[:, :rotated].chunk(2, dim=-1)
    turned = torch.cat([low * cosine - high * sine, high * cosine + low * sine], dim=-1)
    return torch.cat([turned, qkv[:, rotated:]], dim=1)


def gate(inner):
    gates, values = inner.chunk(2, dim=-1)
    return F.silu(gates) * values


def compiled_for_each_size(piece):
    """One kernel made for many sizes can be ten times slower at some of them."""
    from torch._dynamo import config
    for limit in ("recompile_limit", "cache_size_limit"):  # the name has changed
        if hasattr(config, limit):
            setattr(config, limit, 1000)
    return torch.compile(piece, dynamic=False)


class Layer:
    def __init__(self, device, shape, type_name, kv_tokens):
        self.shape = shape
        self.qkv, self.output, self.gate_up, self.down = (
            Linear(device, inputs, outputs, type_name) for _, inputs, outputs in shape.layer_matrices)
        self.norms = [1 + 0.1 * device.random(shape.hidden) for _ in range(2)]
        self.cache = KvCache(device, shape, kv_tokens)

    def __call__(self, x, residual, work, attention, model):
        x, residual = model.add_norm(x, residual, self.norms[0])
        x = self.output(self.attend(self.qkv(x), work, attention, model))
        x, residual = model.add_norm(x, residual, self.norms[1])
        return self.down(model.gate(self.gate_up(x))), residual

    def attend(self, qkv, work, attention, model):
        s, batch = self.shape, work.batch
        qkv = model.rotate(qkv.unflatten(1, (s.heads + 2 * s.kv_heads, s.head_dim)), *model.angles(work),
                           s.heads + s.kv_heads)
        query, new = qkv[:, :s.heads], qkv[:, s.heads:].unflatten(1, (2, s.kv_heads))
        outputs, begin = [], batch * work.context
        if batch:
            self.cache.values[:begin].unflatten(0, (batch, work.context))[:, -1] = new[:batch]
            outputs.append(attend_decodes(query[:batch], *self.cache.read(0, batch, work.context), attention[0]))
        if work.chunk:
            end = begin + work.past + work.chunk
            self.cache.values[end - work.chunk:end] = new[batch:]
            outputs.append(attend_chunk(query[batch:], *self.cache.read(begin, 1, end - begin), attention[1]))
        return outputs[0] if len(outputs) == 1 else torch.cat(outputs)


class Model:
    def __init__(self, device, shape, type_name, layers, kv_tokens, largest_tokens, compiled):
        self.shape = shape
        pieces = (add_norm, rotate, gate)  # engines run each as one kernel
        self.add_norm, self.rotate, self.gate = map(compiled_for_each_size, pieces) if compiled else pieces
        self.ids = torch.randint(shape.vocabulary, (largest_tokens,), device=device.kind)
        self.embedding = device.random(shape.vocabulary, shape.hidden)
        self.cosine, self.sine = (device.random(largest_tokens, 1, shape.head_dim // 2) * 0.7 for _ in range(2))
        self.layers = [Layer(device, shape, type_name, kv_tokens) for _ in range(layers)]
        self.norm = 1 + 0.1 * device.random(shape.hidden)
        self.head = Linear(device, *shape.head_matrix[1:], "bf16")

    def angles(self, work):
        return self.cosine[:work.tokens], self.sine[:work.tokens]

    def step(self, work, attention, with_layers):
        x = F.embedding(self.ids[:work.tokens], self.embedding)
        residual = torch.zeros_like(x)
        for layer in self.layers if with_layers else ():
            x, residual = layer(x, residual, work, attention, self)
        x, _ = self.add_norm(x[:work.sampled], residual[:work.sampled], self.norm)
        return self.head(x).float().argmax(dim=-1)


def layers_and_kv(device, shape, type_name, most_tokens):
    """As many layers as fit with some KV, then as much KV as fits."""
    free = MEMORY_SHARE * device.free_bytes() - 2 * shape.hidden * shape.vocabulary * BYTES["bf16"]
    fewest = min(FEWEST_KV_TOKENS, most_tokens)
    layers = min(shape.layers, int(free // (shape.layer_bytes(type_name) + fewest * shape.kv_token_bytes)))
    if layers < 1:
        raise RuntimeError("out of memory for one layer")
    left = free - layers * shape.layer_bytes(type_name)
    return layers, min(most_tokens, int(left // (layers * shape.kv_token_bytes)))


class StepProbe:
    def __init__(self, device, shape, type_name, work, compiled):
        self.device, self.shape, self.type_name = device, shape, type_name
        self.layers, kv_tokens = layers_and_kv(device, shape, type_name, max(w.sum_context for w in work))
        self.work = [w for w in work if w.sum_context <= kv_tokens]
        note(f"  {type_name}: {self.layers} of {shape.layers} layers, KV of {kv_tokens} tokens, "
             f"{len(self.work)} points")
        self.model = Model(device, shape, type_name, self.layers, kv_tokens, max(w.tokens for w in work), compiled)

    def attention(self, work):
        """The fastest backends of (decodes, chunk); None for a part that the step lacks."""
        def query(rows):
            return self.device.random(rows, self.shape.heads, self.shape.head_dim)
        cache, begin = self.model.layers[0].cache, work.batch * work.context
        decodes = fastest_backend(self.device, attend_decodes, query(work.batch),
                                  *cache.read(0, work.batch, work.context)) if work.batch else None
        chunk = fastest_backend(self.device, attend_chunk, query(work.chunk),
                                *cache.read(begin, 1, work.past + work.chunk)) if work.chunk else None
        return decodes, chunk

    @torch.no_grad()
    def sample(self, work, attention, graph):
        """(seconds of a step of all layers, repeats, spread)."""
        def measure(with_layers):
            def run():
                self.model.step(work, attention, with_layers)
            return self.device.measure(self.device.captured(run) if graph else run)
        seconds, repeats, spread = measure(True)
        if self.layers < self.shape.layers:
            rest = measure(False)[0]
            seconds = rest + (seconds - rest) * self.shape.layers / self.layers
        return seconds, repeats, spread


def measure_steps(device, shape, types, work, compiled, folder, deadlines):
    """deadlines: one for each type."""
    steps = Table(folder, "steps.csv", COLUMNS)
    launches = Table(folder, "launches.csv", LAUNCH_COLUMNS)
    for type_name, deadline in zip(types, deadlines):
        probe = skip_failures(type_name, lambda t=type_name: StepProbe(device, shape, t, work, compiled))
        if probe is None:
            continue
        for w in points_until(deadline, probe.work):
            attention = skip_failures(f"{w}", lambda: probe.attention(w))
            result = attention and skip_failures(f"{w}", lambda: probe.sample(w, attention, device.has_graphs))
            if result:
                steps.add(w.chunk, w.batch, w.sum_context, result[0], w.attention_pairs, w.chunk, type_name,
                          probe.layers, *result[1:], w.past, w.context, "graph" if device.has_graphs else "eager",
                          "+".join(name for name in attention if name))
            if result and device.has_graphs and w.sum_context <= w.batch * SHORT_CONTEXT:
                launched = probe.sample(w, attention, False)
                launches.add(type_name, w.batch, w.context, probe.layers, result[0], launched[0], *launched[1:])
        del probe
        device.release()
