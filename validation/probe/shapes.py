# SPDX-License-Identifier: Apache-2.0
"""Shapes of dense decoder models: built in, or read from a Hugging Face config.json; one rank of tensor parallelism."""
import dataclasses
import json

BYTES = {"bf16": 2, "fp8": 1}  # of a weight


def fp8_format(hip, architecture):
    """torch's name of the device's fp8: MI300's matrix units (gfx94x under ROCm) have an e4m3 of their own."""
    return "float8_e4m3fnuz" if hip and architecture.startswith("gfx94") else "float8_e4m3fn"


@dataclasses.dataclass(frozen=True)
class Shape:
    name: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    intermediate: int
    vocabulary: int
    tp: int = 1

    @property
    def layer_matrices(self):
        """(name, inputs, outputs) of the products of one layer."""
        query = self.heads * self.head_dim
        return [("qkv", self.hidden, query + 2 * self.kv_heads * self.head_dim), ("output", query, self.hidden),
                ("gate_up", self.hidden, 2 * self.intermediate), ("down", self.intermediate, self.hidden)]

    @property
    def head_matrix(self):
        return ("head", self.hidden, self.vocabulary)

    def layer_bytes(self, type_name):
        return sum(inputs * outputs for _, inputs, outputs in self.layer_matrices) * BYTES[type_name]

    @property
    def kv_token_bytes(self):
        """KV of one token in one layer, 16 bits a value."""
        return 2 * self.kv_heads * self.head_dim * 2

    def rank(self, tp):
        """What one of `tp` ranks holds; KV heads are copied once there are more ranks than heads."""
        if tp < 1 or self.heads % tp or self.intermediate % tp:
            raise ValueError(f"{self.name}: {self.heads} heads and {self.intermediate} inner values do not split "
                             f"into {tp} ranks")
        return dataclasses.replace(self, heads=self.heads // tp, kv_heads=max(1, self.kv_heads // tp), tp=tp,
                                   intermediate=self.intermediate // tp, vocabulary=-(-self.vocabulary // tp))


BUILT_IN = {shape.name: shape for shape in [
    Shape("tiny", 2, 64, 4, 2, 16, 128, 256),
    Shape("llama-3.1-8b", 32, 4096, 32, 8, 128, 14336, 128256),
    Shape("qwen3-8b", 36, 4096, 32, 8, 128, 12288, 151936),
    Shape("qwen3-32b", 64, 5120, 64, 8, 128, 25600, 151936),
    Shape("llama-3.1-70b", 80, 8192, 64, 8, 128, 28672, 128256),
]}


def read_config(path):
    """The shape in a Hugging Face config.json; ValueError unless it is a dense model with grouped-query heads."""
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    if not isinstance(config, dict):
        raise ValueError(f"{path}: not a JSON object")
    config = config.get("text_config", config)
    for key in ("num_local_experts", "num_experts", "n_routed_experts", "kv_lora_rank"):
        if config.get(key):
            raise ValueError(f"{path}: has {key}; mixtures of experts and latent attention are not measured")

    def count(key, default=None):
        value = config.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 10**7:
            raise ValueError(f"{path}: {key} must be a positive integer, found {value!r}")
        return value
    heads = count("num_attention_heads")
    return Shape(config.get("_name_or_path") or str(path), count("num_hidden_layers"), count("hidden_size"), heads,
                 count("num_key_value_heads", heads), count("head_dim", count("hidden_size") // heads),
                 count("intermediate_size"), count("vocab_size"))


def find_shape(model, tp):
    """`model` is a built-in name or the path of a config.json."""
    return (BUILT_IN[model] if model in BUILT_IN else read_config(model)).rank(tp)
