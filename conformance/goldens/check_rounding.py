"""Finds out how TFLite's reference kernels round, by replaying int8 models in numpy.

Every node of every model is replayed alone, from the values the interpreter gave it, in each
variant of replay.VARIANTS. A variant with no difference over all nodes is how this build computes.

Usage: python check_rounding.py [MODEL.tflite ...] [--samples N]     (default: goldens/*.tflite)
"""

import argparse
import collections
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.tools import flatbuffer_utils

import replay
import tflite_models

HERE = pathlib.Path(__file__).resolve().parent
OPERATOR_NAMES = {v: k for k, v in vars(schema.BuiltinOperator).items() if isinstance(v, int)}


def operator_name(model, node):
    """Returns the operator's name in the schema."""
    code = model.operatorCodes[node.opcodeIndex]
    return OPERATOR_NAMES[max(code.builtinCode, code.deprecatedBuiltinCode)]


def bound_node(interpreter, details, node):
    """Returns the replayable node with the values that its inputs have now."""

    def value(index):
        return None if index < 0 else interpreter.get_tensor(index)

    def quantization(index, key):
        return None if index < 0 else details[index]["quantization_parameters"][key]

    result = node.outputs[0]
    scales, zeros = quantization(result, "scales"), quantization(result, "zero_points")
    return replay.Node(
        inputs=[value(i) for i in node.inputs],
        in_scales=[quantization(i, "scales") for i in node.inputs],
        in_zeros=[quantization(i, "zero_points") for i in node.inputs],
        out_scale=scales[0] if len(scales) else None,
        out_zero=int(zeros[0]) if len(zeros) else None,
        out_shape=tuple(details[result]["shape"]),
        options=node.builtinOptions,
    )


def variants_of(name, node):
    """Returns the variants for a node, none for operators and types not covered."""
    if name == "QUANTIZE":
        name = f"QUANTIZE {node.inputs[0].dtype}"
    elif node.inputs[0].dtype != np.int8:
        return name, {}
    return name, replay.VARIANTS.get(name, {})


def samples_for(path, interpreter, count):
    """Returns the golden inputs beside a model, or random ones."""
    details = interpreter.get_input_details()
    files = [path.with_name(f"{path.stem}.input_{i}.npy") for i in range(len(details))]
    if all(file.exists() for file in files):
        return [np.load(file) for file in files]
    rng = np.random.default_rng(1)
    return [
        rng.integers(-128, 128, size=(count, *d["shape"][1:])).astype(d["dtype"]) for d in details
    ]


def check_model(path, count, tally):
    """Replays a model and adds to tally[operator, variant] = [nodes run, values, differing]."""
    content = path.read_bytes()
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(content))
    try:
        interpreter = tflite_models.reference_interpreter(tflite_models.expose_all(content))
    except RuntimeError as refusal:
        print(f"{path.name}: not run: {refusal}")
        return
    details = {d["index"]: d for d in interpreter.get_tensor_details()}
    inputs = samples_for(path, interpreter, count)
    for sample in range(len(inputs[0])):
        for detail, values in zip(interpreter.get_input_details(), inputs):
            interpreter.set_tensor(detail["index"], values[sample : sample + 1])
        interpreter.invoke()
        for position, record in enumerate(model.subgraphs[0].operators):
            node = bound_node(interpreter, details, record)
            name, variants = variants_of(operator_name(model, record), node)
            expected = interpreter.get_tensor(record.outputs[0])
            for variant, function in variants.items():
                got = function(node)
                if got.shape != expected.shape:
                    raise ValueError(f"{path.name} node {position}: {got.shape} {expected.shape}")
                entry = tally[name, variant]
                entry[0] += 1
                entry[1] += expected.size
                entry[2] += int((got != expected).sum())


def main():
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Finds how TFLite's reference kernels round.")
    parser.add_argument("models", nargs="*", type=pathlib.Path)
    parser.add_argument("--samples", type=int, default=2, help="for models without golden inputs")
    options = parser.parse_args()
    tally = collections.defaultdict(lambda: [0, 0, 0])
    for path in options.models or sorted((HERE / "goldens").glob("*.tflite")):
        check_model(path, options.samples, tally)
    print(f"{'operator':18} {'variant':45} {'nodes':>6} {'values':>8} {'differ':>7}")
    for (name, variant), (nodes, values, differing) in sorted(tally.items()):
        print(f"{name:18} {variant:45} {nodes:6} {values:8} {differing:7}")


if __name__ == "__main__":
    main()
