"""The golden cases: what each model computes, its input shapes and its calibration ranges.

A case's name starts with its operator. The weights follow from the name alone (its CRC-32 is the
seed), so adding a case changes no other.
"""

import functools

import numpy as np
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema

import network_cases
import tflite_models
from case import ACTIVATIONS, BOTH, INT8, Assembled, Case, bias, weights

BUILTIN = schema.BuiltinOperator

# ---- Convolutions ---------------------------------------------------------------------------


def conv2d(name, kernel, channels, size=(6, 5), activation="none", types=(INT8,), **attributes):
    """A CONV_2D case. kernel (h, w); channels (in, out); size (h, w) of the input."""
    groups = attributes.pop("groups", 1)
    with_bias = attributes.pop("bias", True)

    def build(rng):
        fan_in = kernel[0] * kernel[1] * channels[0] // groups
        filters = weights(rng, (*kernel, channels[0] // groups, channels[1]), fan_in)
        offsets = bias(rng, channels[1]) if with_bias else np.zeros(channels[1], np.float32)
        return lambda x: ACTIVATIONS[activation](
            tf.nn.conv2d(x, filters, **{"strides": 1, "padding": "SAME", **attributes}) + offsets
        )

    return Case(
        f"conv2d_{name}",
        build,
        ((1, *size, channels[0]),),
        types=types,
        edit_after_run=None if with_bias else tflite_models.drop_bias,
    )


def depthwise(name, kernel, channels, multiplier=1, activation="none", types=(INT8,), **attributes):
    """A DEPTHWISE_CONV_2D case on a 7x6 input."""

    def build(rng):
        filters = weights(rng, (*kernel, channels * multiplier), kernel[0] * kernel[1])
        filters = filters.reshape(*kernel, channels, multiplier)
        offsets = bias(rng, channels * multiplier)
        stride = attributes.get("stride", 1)
        return lambda x: ACTIVATIONS[activation](
            tf.nn.depthwise_conv2d(
                x,
                filters,
                strides=[1, stride, stride, 1],
                padding=attributes.get("padding", "SAME"),
                dilations=attributes.get("dilations"),
            )
            + offsets
        )

    return Case(f"depthwise_{name}", build, ((1, 7, 6, channels),), types=types)


def convolutions():
    """Returns the CONV_2D and DEPTHWISE_CONV_2D cases."""
    return [
        conv2d("1x1_relu6", (1, 1), (8, 8), activation="relu6", types=BOTH),
        conv2d("1x1_out1", (1, 1), (5, 1)),
        conv2d("1x1_out17", (1, 1), (6, 17)),
        conv2d("1x1_stride2", (1, 1), (4, 5), strides=2, size=(7, 6)),
        conv2d("2x2_same", (2, 2), (3, 5)),
        conv2d("3x3_same_relu", (3, 3), (4, 5), activation="relu", types=BOTH),
        conv2d("3x3_valid", (3, 3), (3, 8), size=(6, 7), padding="VALID", types=BOTH),
        conv2d(
            "3x3_same_stride2",
            (3, 3),
            (3, 8),
            activation="relu",
            strides=2,
            size=(8, 7),
            types=BOTH,
        ),
        conv2d("3x3_same_stride3", (3, 3), (2, 3), strides=3, size=(8, 9)),
        conv2d(
            "3x3_valid_stride3x2",
            (3, 3),
            (2, 3),
            padding="VALID",
            strides=(3, 2),
            size=(10, 8),
            types=BOTH,
        ),
        conv2d("3x3_same_stride1x2", (3, 3), (3, 5), strides=(1, 2), size=(5, 8)),
        conv2d(
            "3x3_dilation2_valid",
            (3, 3),
            (3, 5),
            padding="VALID",
            dilations=2,
            size=(8, 7),
            types=BOTH,
        ),
        conv2d("3x3_dilation2_same", (3, 3), (3, 5), dilations=2, size=(7, 6)),
        conv2d("3x5_same", (3, 5), (3, 5), activation="relu6", types=BOTH),
        conv2d("5x5_same_stride2", (5, 5), (2, 3), strides=2, size=(9, 8)),
        conv2d("10x4_same_stride2", (10, 4), (1, 8), activation="relu", strides=2, size=(12, 7)),
        conv2d("3x3_groups2", (3, 3), (4, 6), groups=2, activation="relu", types=BOTH),
        conv2d("1x1_groups4", (1, 1), (8, 12), groups=4),
        conv2d("3x3_nobias", (3, 3), (3, 5), bias=False, types=BOTH),
        depthwise("3x3_same_relu", (3, 3), 5, activation="relu", types=BOTH),
        depthwise("3x3_valid_relu6", (3, 3), 8, activation="relu6", padding="VALID"),
        depthwise("3x3_stride2", (3, 3), 6, stride=2, types=BOTH),
        depthwise("3x3_multiplier2", (3, 3), 3, multiplier=2, types=BOTH),
        depthwise("3x3_multiplier3", (3, 3), 2, multiplier=3, stride=2),
        depthwise("3x3_one_to_eight", (3, 3), 1, multiplier=8),
        depthwise("3x3_dilation2", (3, 3), 4, dilations=[2, 2], types=BOTH),
        depthwise("5x3_valid", (5, 3), 4, padding="VALID"),
    ]


# ---- Fully connected ------------------------------------------------------------------------


def fully_connected(name, shape, units, activation="none", with_bias=True, types=(INT8,)):
    """A FULLY_CONNECTED case; an input of rank 3 keeps its leading axes."""

    def build(rng):
        matrix = weights(rng, (shape[-1], units), shape[-1])
        offsets = bias(rng, units)

        def function(x):
            y = tf.tensordot(x, matrix, 1) if len(shape) > 2 else tf.matmul(x, matrix)
            return ACTIVATIONS[activation](y + offsets if with_bias else y)

        return function

    return Case(f"fully_connected_{name}", build, (shape,), types=types)


def products():
    """Returns the FULLY_CONNECTED cases."""
    return [
        fully_connected("16_8", (1, 16), 8, types=BOTH),
        fully_connected("64_10_relu", (1, 64), 10, activation="relu"),
        fully_connected("33_1_relu6", (1, 33), 1, activation="relu6"),
        fully_connected("20_7_nobias", (1, 20), 7, with_bias=False, types=BOTH),
        fully_connected("rank3_keep_dims", (1, 4, 6), 5, types=BOTH),
    ]


# ---- Additions, pools, means ----------------------------------------------------------------


def add(name, second, ranges=(), activation="none", types=(INT8,)):
    """An ADD of a [1, 4, 3, 5] input and a second one of the given shape."""
    shapes = ((1, 4, 3, 5), second)
    return Case(
        f"add_{name}",
        lambda rng: lambda x, y: ACTIVATIONS[activation](x + y),
        shapes,
        ranges,
        types,
    )


def add_constant(name, shape, types=(INT8,)):
    """An ADD of a [1, 4, 3, 5] input and a constant."""

    def build(rng):
        constant = rng.uniform(-0.8, 2.0, size=shape).astype(np.float32)
        return lambda x: x + constant

    return Case(f"add_{name}", build, ((1, 4, 3, 5),), types=types)


def pool(name, kind, kernel, strides, padding, size=(6, 7), types=(INT8,), activation="none"):
    """An AVERAGE_POOL_2D ("AVG") or MAX_POOL_2D ("MAX") case with three channels."""

    def build(rng):
        del rng
        return lambda x: ACTIVATIONS[activation](tf.nn.pool(x, kernel, kind, strides, padding))

    word = {"AVG": "average", "MAX": "max"}[kind]
    return Case(f"{word}_pool_{name}", build, ((1, *size, 3),), types=types)


def mean(name, shape, keep, types=(INT8,)):
    """A MEAN over the spatial axes."""
    return Case(
        f"mean_{name}",
        lambda rng: lambda x: tf.reduce_mean(x, axis=[1, 2], keepdims=keep),
        (shape,),
        types=types,
    )


def reductions():
    """Returns the ADD, pooling and MEAN cases."""
    return [
        add("same_shape", (1, 4, 3, 5), types=BOTH),
        add("same_shape_relu", (1, 4, 3, 5), activation="relu", types=BOTH),
        add("same_shape_small_and_large", (1, 4, 3, 5), ranges=((-0.01, 0.02), (-6.0, 7.0))),
        add(
            "same_shape_relu6", (1, 4, 3, 5), ranges=((-4.0, 5.0), (-4.0, 5.0)), activation="relu6"
        ),
        add("broadcast_channel", (1, 1, 1, 5), types=BOTH),
        add("broadcast_row", (1, 1, 3, 1)),
        add("broadcast_scalar", (1, 1, 1, 1)),
        add_constant("constant", (1, 4, 3, 5)),
        add_constant("constant_channel", (5,), types=BOTH),
        add_constant("constant_scalar", ()),
        pool("2x2_valid", "AVG", (2, 2), (2, 2), "VALID", types=BOTH),
        pool("3x3_same", "AVG", (3, 3), (1, 1), "SAME", types=BOTH),
        pool("3x3_same_stride2", "AVG", (3, 3), (2, 2), "SAME"),
        pool("2x3_valid_stride1x2", "AVG", (2, 3), (1, 2), "VALID"),
        pool("2x2_valid_relu", "AVG", (2, 2), (2, 2), "VALID", activation="relu"),
        pool("global", "AVG", (6, 7), (1, 1), "VALID", types=BOTH),
        pool("2x2_valid", "MAX", (2, 2), (2, 2), "VALID", types=BOTH),
        pool("3x3_same_stride2", "MAX", (3, 3), (2, 2), "SAME", types=BOTH),
        pool("3x2_same", "MAX", (3, 2), (1, 1), "SAME"),
        pool("2x2_valid_relu", "MAX", (2, 2), (2, 2), "VALID", activation="relu"),
        mean("keep_dims", (1, 6, 7, 3), True, types=BOTH),
        mean("drop_dims", (1, 5, 5, 4), False, types=BOTH),
        mean("8x8", (1, 8, 8, 3), True),
        Case(
            "mean_rescaled",
            mean("", (1, 3, 5, 4), True).build,
            ((1, 3, 5, 4),),
            types=(INT8,),
            edit=lambda model: tflite_models.set_quantization(model, "outputs", 0.0041, 17),
        ),
    ]


# ---- Functions of one value, softmax --------------------------------------------------------


def function_of(name, function, shape, low, high, types=(INT8,), edit=None):
    """A case of a function without weights."""
    return Case(name, lambda rng: function, (shape,), ((low, high),), types, edit)


def functions():
    """Returns the activation, softmax and logistic cases."""
    rescale = functools.partial(
        tflite_models.set_quantization, which="outputs", scale=0.03, zero_point=-20
    )
    return [
        function_of("relu", tf.nn.relu, (1, 4, 3, 5), -1.0, 1.5, BOTH),
        function_of("relu_rescaled", tf.nn.relu, (1, 60), -2.0, 5.0, edit=rescale),
        function_of("relu6", tf.nn.relu6, (1, 4, 3, 5), -4.0, 9.0, BOTH),
        function_of("relu6_rescaled", tf.nn.relu6, (1, 60), -4.0, 9.0, edit=rescale),
        function_of("softmax_2", tf.nn.softmax, (1, 2), -4.0, 4.0, BOTH),
        function_of("softmax_10", tf.nn.softmax, (1, 10), -6.0, 10.0, BOTH),
        function_of("softmax_10_small_scale", tf.nn.softmax, (1, 10), -0.4, 0.3),
        function_of("softmax_10_large_scale", tf.nn.softmax, (1, 10), -60.0, 70.0),
        function_of("softmax_100", tf.nn.softmax, (1, 100), -3.0, 3.0, BOTH),
        function_of("softmax_rows", tf.nn.softmax, (1, 3, 2, 6), -5.0, 3.0),
        function_of("logistic", tf.nn.sigmoid, (1, 4, 3, 5), -6.0, 7.0, BOTH),
        function_of("logistic_large_scale", tf.nn.sigmoid, (1, 60), -30.0, 25.0),
        function_of("logistic_small_scale", tf.nn.sigmoid, (1, 60), -0.5, 0.7),
    ]


# ---- Shapes, quantization -------------------------------------------------------------------


def quantize(name, source, result):
    """A lone QUANTIZE; source and result are (dtype, scale, zero point)."""
    return Assembled(
        f"quantize_{name}",
        lambda: tflite_models.single_node(
            BUILTIN.QUANTIZE,
            2,
            [tflite_models.tensor("input", source[0], (1, 96), *source[1:])],
            tflite_models.tensor("output", result[0], (1, 96), *result[1:]),
            (schema.BuiltinOptions.QuantizeOptions, schema.QuantizeOptionsT()),
        ),
    )


def dequantize(name, scale, zero_point):
    """A lone DEQUANTIZE of int8."""
    return Assembled(
        f"dequantize_{name}",
        lambda: tflite_models.single_node(
            BUILTIN.DEQUANTIZE,
            2,
            [tflite_models.tensor("input", "int8", (1, 96), scale, zero_point)],
            tflite_models.tensor("output", "float32", (1, 96)),
            (schema.BuiltinOptions.DequantizeOptions, schema.DequantizeOptionsT()),
        ),
    )


def movements():
    """Returns the RESHAPE, PAD, QUANTIZE and DEQUANTIZE cases."""
    border = [[0, 0], [1, 2], [2, 0], [0, 0]]
    channels = [[0, 0], [0, 0], [0, 0], [1, 2]]
    pad = lambda paddings, value: lambda x: tf.pad(x, paddings, constant_values=value)
    shape = (1, 4, 3, 5)
    return [
        function_of("reshape", lambda x: tf.reshape(x, (1, 6, 10)), shape, -1.0, 1.5, BOTH),
        function_of("pad", pad(border, 0.0), shape, -1.0, 1.5, BOTH),
        function_of("pad_channels", pad(channels, 0.0), shape, -1.0, 1.5),
        function_of("padv2", pad(border, 0.75), shape, -1.0, 1.5, BOTH),
        quantize("float_to_int8", ("float32",), ("int8", 0.02, -7)),
        quantize("float_to_int8_unit_range", ("float32",), ("int8", 1 / 255, -128)),
        quantize("int8_to_int8_finer", ("int8", 0.05, 3), ("int8", 0.031, -11)),
        quantize("int8_to_int8_coarser", ("int8", 0.02, -40), ("int8", 0.11, 9)),
        quantize("int8_to_int8_half", ("int8", 0.025, -5), ("int8", 0.05, 2)),
        quantize("int8_to_int8_same_scale", ("int8", 0.02, -128), ("int8", 0.02, 0)),
        dequantize("int8_to_float", 0.037, -12),
        dequantize("int8_to_float_unit_range", 1 / 255, -128),
    ]


def all_cases():
    """Returns every case."""
    return (
        convolutions()
        + products()
        + reductions()
        + functions()
        + movements()
        + network_cases.networks()
    )
