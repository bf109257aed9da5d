"""Golden cases whose scales were searched so that known variants of a kernel give other bytes.

Random scales tell little: two roundings, or a table and a fixed-point function, agree nearly
everywhere. In these cases the real multiplier lies at a tie, or a value at the edge between two
results. Each input holds every int8 value (ADD: every pair).
"""

import numpy as np
from tensorflow.lite.python import schema_py_generated as schema

from tflite_models import single_node, tensor

BUILTIN, OPTIONS = schema.BuiltinOperator, schema.BuiltinOptions
FILTERS = np.array([127, -127, 63, -3, 1, 101, -50, 88], np.int8)
SCALE, FILTER_SCALE = 0.059, 0.0195
TWICE, FOUR_TIMES = 0.002301, 0.004602  # the product of the two


def every_value(*shape):
    """Returns -128 to 127 in the given shape."""
    return np.arange(-128, 128).astype(np.int8).reshape(shape)


def rescaling(builtin, version, scale, out_scale, zero_point, out_zero_point, options=None):
    """Assembles an operator of one input over every int8 value."""
    source = tensor("input", "int8", (1, 256), scale, zero_point)
    result = tensor("output", "int8", (1, 256), out_scale, out_zero_point)
    return single_node(builtin, version, [source], result, options), [every_value(1, 256)]


def relu():
    """RELU times 1.5: the ratio of the scales in float32 or in double shows."""
    return rescaling(BUILTIN.RELU, 2, 0.048, 0.032, -128, -128)


def relu6():
    """RELU6 times 1.5: the ratio of the scales in float32 or in double shows."""
    return rescaling(BUILTIN.RELU6, 2, 0.024, 0.016, -128, -128)


def relu_rounding():
    """RELU times 0.266: double or single rounding shows."""
    return rescaling(BUILTIN.RELU, 2, 0.1423, 0.53373, -107, 20)


def relu6_rounding():
    """RELU6 times 0.383: double or single rounding shows."""
    return rescaling(BUILTIN.RELU6, 2, 0.0012651805, 0.0033034245, -116, 22)


def requantize():
    """QUANTIZE times 1.5: the ratio of the scales in float32 or in double shows."""
    options = (OPTIONS.QuantizeOptions, schema.QuantizeOptionsT())
    return rescaling(BUILTIN.QUANTIZE, 2, 0.0315, 0.021, 0, 0, options)


def requantize_rounding():
    """QUANTIZE times 0.273: double or single rounding shows."""
    options = (OPTIONS.QuantizeOptions, schema.QuantizeOptionsT())
    return rescaling(BUILTIN.QUANTIZE, 2, 0.007169198, 0.02629553, 98, 21, options)


def quantize_ties():
    """QUANTIZE of floats halfway between two steps."""
    values = ((np.arange(-128, 128) + 0.5) * 0.25).astype(np.float32)[None]
    options = (OPTIONS.QuantizeOptions, schema.QuantizeOptionsT())
    source = tensor("input", "float32", (1, 256))
    result = tensor("output", "int8", (1, 256), 0.25, 5)
    return single_node(BUILTIN.QUANTIZE, 2, [source], result, options), [values]


def logistic():
    """LOGISTIC where a table made in float and fixed point differ, in one value of 256."""
    return rescaling(BUILTIN.LOGISTIC, 2, 0.5094779, 1 / 256, -63, -128)


def logistic_small():
    """LOGISTIC where a table made in float and fixed point differ, in one value of 256."""
    return rescaling(BUILTIN.LOGISTIC, 2, 0.02053941, 1 / 256, 68, -128)


def softmax_pairs():
    """SOFTMAX of two values at every distance; a table and fixed point differ at distance 1."""
    pairs = np.stack([np.full(256, 127, np.int8), every_value(256)], axis=-1)[None]
    options = schema.SoftmaxOptionsT()
    options.beta = 1.0
    source = tensor("input", "int8", (1, 256, 2), 0.007812337, 0)
    result = tensor("output", "int8", (1, 256, 2), 1 / 256, -128)
    both = (OPTIONS.SoftmaxOptions, options)
    return single_node(BUILTIN.SOFTMAX, 2, [source], result, both), [pairs]


def add():
    """ADD of every pair, the output's scale twice the inputs': half of all sums are ties."""
    first = np.repeat(every_value(1, 1, 256), 256, axis=1)
    second = np.ascontiguousarray(first.transpose(0, 2, 1))
    keep = np.arange(0, 256, 4)
    sources = [tensor(name, "int8", (1, 64, 256), 0.0425, 3) for name in ("first", "second")]
    result = tensor("output", "int8", (1, 64, 256), 0.085, -9)
    model = single_node(BUILTIN.ADD, 2, sources, result, (OPTIONS.AddOptions, schema.AddOptionsT()))
    return model, [first[:, keep], second[:, keep]]


def mean():
    """MEAN of four rows times 1.25: ties, and the ratio of the scales."""
    rows = [np.roll(every_value(256), step) for step in (0, 1, 7, 60)]
    options = schema.ReducerOptionsT()
    source = tensor("input", "int8", (1, 4, 256), 0.05, 3)
    result = tensor("output", "int8", (1, 256), 0.04, 0)
    axes = np.array([1], np.int32)
    model = single_node(
        BUILTIN.MEAN,
        2,
        [source],
        result,
        (OPTIONS.ReducerOptions, options),
        [(tensor("axes", "int32", (1,)), axes)],
    )
    return model, [np.stack(rows)[None]]


def same_scale_mean(keep):
    """MEAN where input and output have the same quantization."""
    rng = np.random.default_rng(7)
    options = schema.ReducerOptionsT()
    options.keepDims = keep
    source = tensor("input", "int8", (1, 6, 7, 24), 0.2, -31)
    shape = (1, 1, 1, 24) if keep else (1, 24)
    model = single_node(
        BUILTIN.MEAN,
        2,
        [source],
        tensor("output", "int8", shape, 0.2, -31),
        (OPTIONS.ReducerOptions, options),
        [(tensor("axes", "int32", (2,)), np.array([1, 2], np.int32))],
    )
    values = rng.integers(-128, 128, size=(8, 6, 7, 24)).astype(np.int8)
    values[0], values[1] = -128, 127
    return model, [values]


def product(builtin, version, shapes, options, out_scale, axis=None):
    """Assembles a product of every value with FILTERS.

    Args:
      shapes: of input, filter and output.
      out_scale: TWICE shows the type of the scales' product, FOUR_TIMES the rounding.
      axis: of the filter's channels; None means one scale for all.
    """
    source_shape, filter_shape, result_shape = shapes
    count = 1 if axis is None else len(FILTERS)
    filters = tensor("filter", "int8", filter_shape, [FILTER_SCALE] * count)
    filters.quantization.quantizedDimension = axis or 0
    bias_scale = np.float32(SCALE) * np.float32(FILTER_SCALE)
    bias = tensor("bias", "int32", (len(FILTERS),), [bias_scale] * count)
    model = single_node(
        builtin,
        version,
        [tensor("input", "int8", source_shape, SCALE, 0)],
        tensor("output", "int8", result_shape, out_scale, 0),
        options,
        [(filters, FILTERS.reshape(filter_shape)), (bias, np.zeros(len(FILTERS), np.int32))],
    )
    return model


def fully_connected(out_scale):
    """FULLY_CONNECTED of depth 1, 256 samples."""
    options = (OPTIONS.FullyConnectedOptions, schema.FullyConnectedOptionsT())
    shapes = ((1, 1), (8, 1), (1, 8))
    model = product(BUILTIN.FULLY_CONNECTED, 4, shapes, options, out_scale)
    return model, [every_value(256, 1)]


def conv2d(out_scale):
    """CONV_2D 1x1 of one channel."""
    options = schema.Conv2DOptionsT()
    options.strideH = options.strideW = 1
    options.dilationHFactor = options.dilationWFactor = 1
    options.padding = schema.Padding.VALID
    shapes = ((1, 16, 16, 1), (8, 1, 1, 1), (1, 16, 16, 8))
    both = (OPTIONS.Conv2DOptions, options)
    return product(BUILTIN.CONV_2D, 3, shapes, both, out_scale, 0), [every_value(1, 16, 16, 1)]


def depthwise(out_scale):
    """DEPTHWISE_CONV_2D 1x1 of one channel, multiplier 8."""
    options = schema.DepthwiseConv2DOptionsT()
    options.strideH = options.strideW = 1
    options.dilationHFactor = options.dilationWFactor = 1
    options.padding, options.depthMultiplier = schema.Padding.VALID, 8
    shapes = ((1, 16, 16, 1), (1, 1, 1, 8), (1, 16, 16, 8))
    both = (OPTIONS.DepthwiseConv2DOptions, options)
    model = product(BUILTIN.DEPTHWISE_CONV_2D, 3, shapes, both, out_scale, 3)
    return model, [every_value(1, 16, 16, 1)]


# Name -> function that returns (flatbuffer, inputs).
CASES = {
    "relu_decisive_ratio": relu,
    "relu_decisive_rounding": relu_rounding,
    "relu6_decisive_ratio": relu6,
    "relu6_decisive_rounding": relu6_rounding,
    "quantize_decisive_ratio": requantize,
    "quantize_decisive_rounding": requantize_rounding,
    "quantize_decisive_ties": quantize_ties,
    "logistic_decisive": logistic,
    "logistic_decisive_small_scale": logistic_small,
    "softmax_decisive_pairs": softmax_pairs,
    "add_decisive": add,
    "mean_decisive": mean,
    "mean_same_scale": lambda: same_scale_mean(True),
    "mean_same_scale_drop_dims": lambda: same_scale_mean(False),
    "fully_connected_decisive_product": lambda: fully_connected(TWICE),
    "fully_connected_decisive_rounding": lambda: fully_connected(FOUR_TIMES),
    "conv2d_decisive_product": lambda: conv2d(TWICE),
    "conv2d_decisive_rounding": lambda: conv2d(FOUR_TIMES),
    "depthwise_decisive_product": lambda: depthwise(TWICE),
    "depthwise_decisive_rounding": lambda: depthwise(FOUR_TIMES),
}
