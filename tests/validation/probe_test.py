# SPDX-License-Identifier: Apache-2.0
"""Does the probe read shapes, keep what it measured, and find faults in a data set? Without torch or an accelerator.

    probe_test.py            the parts, and the data sets that ship
    probe_test.py --quick    the whole probe on the CPU; ends with 77 (skipped) where there is no torch 2.5 or newer
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROBE = pathlib.Path(__file__).resolve().parents[2] / "validation" / "probe"
sys.dont_write_bytecode = True
sys.path.insert(0, str(PROBE))

import check_data  # noqa: E402
import shapes  # noqa: E402
import tables  # noqa: E402

SHIPPED = sorted(path for path in (PROBE / "data").iterdir() if path.is_dir())


class Folder(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = pathlib.Path(kept.name)

    def config(self, **changes):
        values = {"num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 8,
                  "intermediate_size": 14336, "vocab_size": 128256, **changes}
        path = self.folder / "config.json"
        path.write_text(json.dumps({key: value for key, value in values.items() if value is not None}))
        return str(path)


class Shapes(Folder):
    def test_a_config_gives_the_built_in_shape(self):
        read, built_in = shapes.find_shape(self.config(), 1), shapes.find_shape("llama-3.1-8b", 1)
        self.assertEqual(read.layer_matrices, built_in.layer_matrices)
        self.assertEqual((read.layers, read.kv_token_bytes), (32, 4096))

    def test_layers_and_head_hold_the_parameters_of_the_model(self):
        # 32 (4096 x 6144 + 4096 x 4096 + 3 x 4096 x 14336) = 6 979 321 856 values in the layers of Llama-3.1-8B
        self.assertEqual(32 * shapes.BUILT_IN["llama-3.1-8b"].layer_bytes("bf16"), 2 * 6979321856)

    def test_ranks_share_a_model_and_copy_kv_heads(self):
        half, sixteenth = shapes.find_shape("qwen3-32b", 2), shapes.find_shape("qwen3-32b", 16)
        self.assertEqual((half.heads, half.kv_heads, half.intermediate, half.vocabulary), (32, 4, 12800, 75968))
        self.assertEqual((sixteenth.heads, sixteenth.kv_heads), (4, 1))

    def test_fp8_is_the_format_of_the_device(self):
        self.assertEqual(shapes.fp8_format(None, ""), "float8_e4m3fn")
        self.assertEqual(shapes.fp8_format("6.4", "gfx942:sramecc+:xnack-"), "float8_e4m3fnuz")
        self.assertEqual(shapes.fp8_format("7.0", "gfx950"), "float8_e4m3fn")

    def test_bad_shapes_are_refused_with_their_place(self):
        for changes, named in [({"hidden_size": None}, "hidden_size"), ({"vocab_size": -1}, "vocab_size"),
                               ({"num_hidden_layers": True}, "num_hidden_layers"),
                               ({"vocab_size": 10**30}, "vocab_size"), ({"num_experts": 8}, "num_experts"),
                               ({"kv_lora_rank": 512}, "kv_lora_rank"),
                               ({"num_attention_heads": "32"}, "num_attention_heads")]:
            with self.assertRaisesRegex(ValueError, f"config.json: .*{named}"):
                shapes.read_config(self.config(**changes))
        for tp in (0, -1, 3):
            with self.assertRaises(ValueError):
                shapes.find_shape("llama-3.1-8b", tp)
        (self.folder / "list.json").write_text("[1]")
        with self.assertRaisesRegex(ValueError, "not a JSON object"):
            shapes.read_config(str(self.folder / "list.json"))


class Tables(Folder):
    def test_every_row_is_on_disk_sorted_and_no_part_is_left(self):
        table = tables.Table(self.folder, "t.csv", ["a", "b"])
        table.add(10, 0.5)
        table.add(2, 1.0)
        self.assertEqual((self.folder / "t.csv").read_text(), "a,b\n2,1\n10,0.5\n")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["t.csv"])

    def test_median_and_spread(self):
        self.assertEqual(tables.median_and_spread([4.0]), (4.0, 0.0))
        self.assertEqual(tables.median_and_spread([1.0, 2.0, 3.0, 4.0, 100.0]), (3.0, 2 / 3))

    def test_points_cover_the_range_once_and_stop_when_time_is_up(self):
        self.assertEqual(sorted(tables.points_until(float("inf"), range(50))), list(range(50)))
        self.assertEqual(list(tables.points_until(0, range(50))), [])


class DataSets(Folder):
    def broken(self, file, change):
        """Faults of the first shipped data set that has the file, after `change` to the lines of one file."""
        copy = self.folder / "data"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(next(folder for folder in SHIPPED if (folder / file).exists()), copy)
        lines = (copy / file).read_text().splitlines()
        (copy / file).write_text("\n".join(change(lines)) + "\n")
        return "\n".join(check_data.check(copy))

    def test_shipped_ones_are_sound(self):
        self.assertTrue(SHIPPED)
        for folder in SHIPPED:
            self.assertEqual(check_data.check(folder), [])
            self.assertTrue((folder / "README.md").is_file())
            first = (folder / "steps.csv").read_text().split("\n", 1)[0]
            self.assertTrue(first.startswith("n_prefill,n_decode,sum_context,step_seconds,"))

    def test_faults_are_found_where_they_are(self):
        def with_cell(line, column, value):
            def change(lines):
                cells = lines[line].split(",")
                cells[column] = value
                return lines[:line] + [",".join(cells)] + lines[line + 1:]
            return change
        for value in ("0", "-1", "nan", "inf", "fast", ""):
            self.assertIn("steps.csv:3: step_seconds", self.broken("steps.csv", with_cell(2, 3, value)))
        self.assertIn("step_seconds falls", self.broken("steps.csv", with_cell(1, 3, "9")))
        self.assertIn("copies.csv:1: columns",
                      self.broken("copies.csv", lambda lines: ["block," + lines[0]] + lines[1:]))
        self.assertIn("gemm.csv:2: 2 cells",
                      self.broken("gemm.csv", lambda lines: lines[:1] + ["bf16,down"] + lines[2:]))
        self.assertIn("machine.json", self.broken("machine.json", lambda lines: ["{"]))


def quick():
    try:
        import torch.nn.attention.bias  # noqa: F401  torch 2.5 or newer
    except ImportError as error:
        print(f"skipped: {error}")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-B", str(PROBE / "kvsim_probe.py"), "--out", folder, "--model", "tiny",
                        "--quick", "--device", "cpu"], check=True)
        faults = [fault for fault in check_data.check(folder) if " falls " not in fault]  # two timings of a microsecond
        print("\n".join(faults))
        missing = {"steps.csv", "gemm.csv", "attention.csv", "disk.csv"} - {path.name for path in
                                                                            pathlib.Path(folder).iterdir()}
        return 1 if faults or missing else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--quick"]:
        sys.exit(quick())
    unittest.main()
