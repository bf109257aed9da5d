"""Writes goldens/: small TFLite models with inputs and the outputs of TFLite's reference kernels.

For each case NAME: NAME.tflite, NAME.input_K.npy, NAME.output_K.npy. The
models' batch axis is 1; axis 0 of the arrays counts samples.

Usage: python make_goldens.py [FOLDER] [--only PART_OF_NAME]
"""

import argparse
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np

import cases
import decisive_cases
import tflite_models

HERE = pathlib.Path(__file__).resolve().parent
INT8_SAMPLES, FLOAT_SAMPLES = 8, 3


def int8_inputs(rng, shape):
    """Returns samples over the full range; the first three saturate: all low, all high, mixed."""
    samples = rng.integers(-128, 128, size=(INT8_SAMPLES, *shape[1:]), dtype=np.int64)
    samples[0], samples[1] = -128, 127
    samples[2] = np.where(samples[2] < 0, -128, 127)
    return samples.astype(np.int8)


def float_inputs(rng, shape):
    """Returns samples in [-3, 3); the first is all zero."""
    samples = rng.uniform(-3.0, 3.0, size=(FLOAT_SAMPLES, *shape[1:])).astype(np.float32)
    samples[0] = 0.0
    return samples


def make_inputs(flatbuffer, seed):
    """Returns an array for each input of the model, in the model's types."""
    rng = np.random.default_rng([seed, 2])
    details = tflite_models.reference_interpreter(flatbuffer).get_input_details()
    makers = {np.int8: int8_inputs, np.float32: float_inputs}
    return [makers[detail["dtype"]](rng, detail["shape"]) for detail in details]


def write(name, flatbuffer, inputs, folder, edit_after_run=None):
    """Runs a model and writes it with its inputs and outputs; returns the bytes written."""
    outputs = tflite_models.run(flatbuffer, inputs)
    written = [folder / f"{name}.tflite"]
    written[0].write_bytes(edit_after_run(flatbuffer) if edit_after_run else flatbuffer)
    for kind, arrays in (("input", inputs), ("output", outputs)):
        for index, array in enumerate(arrays):
            written.append(folder / f"{name}.{kind}_{index}.npy")
            np.save(written[-1], array)
    return sum(path.stat().st_size for path in written)


def write_all(folder, part):
    """Writes the cases whose name contains a part; yields (name, bytes written)."""
    for case in cases.all_cases():
        for dtype in case.types:
            name = f"{case.name}_{dtype}" if case.typed_name else case.name
            if part in name:
                flatbuffer = case.model(dtype)
                inputs = make_inputs(flatbuffer, case.seed())
                yield name, write(name, flatbuffer, inputs, folder, case.edit_after_run)
    for name, make in decisive_cases.CASES.items():
        if part in name:
            yield name, write(name, *make(), folder)


def main():
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Writes golden models, inputs and outputs.")
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=HERE / "goldens")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    sizes = []
    for name, size in write_all(options.folder, options.only):
        sizes.append(size)
        print(f"{name} {size}", flush=True)
    print(f"{len(sizes)} cases, {sum(sizes)} bytes")


if __name__ == "__main__":
    main()
