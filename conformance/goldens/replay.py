"""Int8 operators in numpy, each in the variants that runtimes are known to use.

A variant is a function of a Node to the int8 (or float) output. VARIANTS lists them by operator.
"""

import dataclasses
import math

import numpy as np

import fixed_point
from fixed_point import RESCALE, divide_by_power, quantize_multiplier


@dataclasses.dataclass
class Node:
    """One node with the values of its inputs.

    Attributes:
      inputs: arrays (None if absent), batch axis first.
      in_scales, in_zeros: quantization of each input: float32 arrays and int arrays.
      out_scale, out_zero: of the output: float32 and int; None if not quantized.
      out_shape: shape of the output.
      options: the schema's options record, or None.
    """

    inputs: list
    in_scales: list
    in_zeros: list
    out_scale: object
    out_zero: object
    out_shape: tuple
    options: object


def real_scale(scales, index=0):
    """Returns a scale as a Python float (double)."""
    return float(scales[index])


def activation_range(node):
    """Returns the int8 bounds that a fused activation leaves (0 none, 1 relu, 3 relu6)."""
    kind = node.options.fusedActivationFunction if node.options is not None else 0
    return clamp_range(node, *{0: (None, None), 1: (0.0, None), 3: (0.0, 6.0)}[kind])


def clamp_range(node, low, high):
    """Returns the int8 bounds of real bounds, None meaning unbounded."""

    def bound(real):
        return node.out_zero + math.floor(float(np.float32(real) / node.out_scale) + 0.5)

    return (
        -128 if low is None else max(-128, bound(low)),
        127 if high is None else min(127, bound(high)),
    )


def finish(node, values):
    """Adds the zero point and clamps to the activation's range."""
    return np.clip(values + node.out_zero, *activation_range(node)).astype(np.int8)


# ---- Convolutions and products --------------------------------------------------------------


def windows(x, kernel, strides, dilations, same, fill):
    """Returns the windows of an NHWC array: shape [N, OH, OW, KH, KW, C]."""
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
    pads = [(0, 0), (0, 0)]
    if same:
        outs = [-(-n // s) for n, s in zip(x.shape[1:3], strides)]
        totals = [
            max((o - 1) * s + span - n, 0)
            for o, s, span, n in zip(outs, strides, spans, x.shape[1:3])
        ]
        pads = [(t // 2, t - t // 2) for t in totals]
    x = np.pad(x, [(0, 0), *pads, (0, 0)], constant_values=fill)
    view = np.lib.stride_tricks.sliding_window_view(x, spans, axis=(1, 2))
    view = view[:, :: strides[0], :: strides[1], :, :: dilations[0], :: dilations[1]]
    return view.transpose(0, 1, 2, 4, 5, 3)


def node_windows(node, kernel):
    """Returns the windows of the first input minus its zero point; outside is zero."""
    options = node.options
    x = node.inputs[0].astype(np.int64) - node.in_zeros[0][0]
    strides = (options.strideH, options.strideW)
    dilations = (getattr(options, "dilationHFactor", 1), getattr(options, "dilationWFactor", 1))
    return windows(x, kernel, strides, dilations, options.padding == 0, 0)


def scale_products(node, in_float):
    """Returns input scale * filter scale of each channel, computed in float32 or in double."""
    kind = np.float32 if in_float else np.float64
    return node.in_scales[0].astype(kind) * node.in_scales[1].astype(kind)


def requantize_channels(node, sums, rounding, product_in_float):
    """Adds the bias and rescales by input scale * filter scale / output scale."""
    if len(node.inputs) > 2 and node.inputs[2] is not None:
        sums = sums + node.inputs[2].astype(np.int64)
    products = scale_products(node, product_in_float)
    pairs = [quantize_multiplier(float(p) / float(node.out_scale)) for p in products]
    multipliers, shifts = np.array(pairs, np.int64).T
    return finish(node, RESCALE[rounding](sums, multipliers, shifts))


def conv2d(node, rounding, product_in_float):
    """CONV_2D, filter OHWI; fewer filter channels than input channels mean groups."""
    filters = node.inputs[1].astype(np.int64)
    view = node_windows(node, filters.shape[1:3])
    groups = view.shape[-1] // filters.shape[3]
    parts = [
        np.tensordot(part, kernel, axes=((3, 4, 5), (1, 2, 3)))
        for part, kernel in zip(np.split(view, groups, -1), np.split(filters, groups, 0))
    ]
    return requantize_channels(node, np.concatenate(parts, axis=-1), rounding, product_in_float)


def depthwise(node, rounding, product_in_float):
    """DEPTHWISE_CONV_2D, filter 1HWC; output channel c reads input channel c // multiplier."""
    filters = node.inputs[1].astype(np.int64)[0]
    view = node_windows(node, filters.shape[:2])
    view = np.repeat(view, filters.shape[2] // view.shape[-1], axis=-1)
    sums = (view * filters).sum(axis=(3, 4))
    return requantize_channels(node, sums, rounding, product_in_float)


def fully_connected(node, rounding, product_in_float):
    """FULLY_CONNECTED, filter [units, depth]."""
    x = node.inputs[0].astype(np.int64) - node.in_zeros[0][0]
    filters = node.inputs[1].astype(np.int64) - node.in_zeros[1][0]
    sums = x.reshape(-1, filters.shape[1]) @ filters.T
    if len(node.inputs) > 2 and node.inputs[2] is not None:
        sums = sums + node.inputs[2].astype(np.int64)
    product = float(scale_products(node, product_in_float)[0])
    values = RESCALE[rounding](sums, *quantize_multiplier(product / float(node.out_scale)))
    return finish(node, values).reshape(node.out_shape)


# ---- Additions, pools, means ----------------------------------------------------------------


def add(node, rounding):
    """ADD: both inputs at 20 more bits and twice the larger scale, then the output's scale."""
    rescale = RESCALE[rounding]
    scales = [real_scale(s) for s in node.in_scales]
    twice = 2.0 * max(scales)
    parts = [
        rescale((x.astype(np.int64) - zero[0]) << 20, *quantize_multiplier(scale / twice))
        for x, zero, scale in zip(node.inputs, node.in_zeros, scales)
    ]
    real = twice / ((1 << 20) * float(node.out_scale))
    return finish(node, rescale(parts[0] + parts[1], *quantize_multiplier(real)))


def divide_away(total, count):
    """Divides by a positive count, to nearest, ties away from zero."""
    return np.sign(total) * ((np.abs(total) + count // 2) // count)


def pool_windows(node, fill):
    """Returns the windows of raw int8 values, outside filled."""
    options = node.options
    kernel, strides = (options.filterHeight, options.filterWidth), (
        options.strideH,
        options.strideW,
    )
    same = options.padding == 0
    return windows(node.inputs[0].astype(np.int64), kernel, strides, (1, 1), same, fill)


def average_pool(node, divide):
    """AVERAGE_POOL_2D over the cells inside the map; raw values, no zero point."""
    absent = 1 << 20
    view = pool_windows(node, absent)
    inside = view != absent
    total = np.where(inside, view, 0).sum(axis=(3, 4))
    averages = divide(total, inside.sum(axis=(3, 4)))
    return np.clip(averages, *activation_range(node)).astype(np.int8)


def max_pool(node):
    """MAX_POOL_2D over the cells inside the map."""
    return np.clip(pool_windows(node, -128).max(axis=(3, 4)), *activation_range(node)).astype(
        np.int8
    )


def mean_sums(node):
    """Returns (sums of input minus zero point, number of cells)."""
    axes = tuple(int(a) % node.inputs[0].ndim for a in np.atleast_1d(node.inputs[1]))
    x = node.inputs[0].astype(np.int64) - node.in_zeros[0][0]
    return x.sum(axis=axes).reshape(node.out_shape), math.prod(x.shape[a] for a in axes)


def clamp(node, values):
    """Adds the zero point and clamps to int8."""
    return np.clip(values + node.out_zero, -128, 127).astype(np.int8)


def scale_ratio(node, in_float):
    """Returns input scale / output scale, computed in float32 or in double."""
    scale = node.in_scales[0][0]
    return float(scale / node.out_scale) if in_float else float(scale) / float(node.out_scale)


def mean_folded(node, rounding, divide_in_float=False):
    """MEAN: the division by the count is folded into the multiplier, which is truncated."""
    sums, count = mean_sums(node)
    multiplier, shift = quantize_multiplier(scale_ratio(node, divide_in_float))
    extra = min(count.bit_length() - 1, 32, 31 + shift)
    return clamp(node, RESCALE[rounding](sums, (multiplier << extra) // count, shift - extra))


def mean_divided(node, rounding):
    """MEAN: rescales the sum, then divides."""
    sums, count = mean_sums(node)
    rescaled = RESCALE[rounding](sums, *quantize_multiplier(scale_ratio(node, False)))
    return clamp(node, divide_away(rescaled, count))


def mean_float(node):
    """MEAN: float32 mean, scaled and rounded half away from zero."""
    sums, count = mean_sums(node)
    scale = node.in_scales[0][0] / node.out_scale
    values = sums.astype(np.float32) / np.float32(count) * scale
    return clamp(node, round_away(values))


# ---- Functions of one value -----------------------------------------------------------------


def round_away(values):
    """Rounds to nearest, ties away from zero; returns int64."""
    return np.trunc(values + np.copysign(values.dtype.type(0.5), values)).astype(np.int64)


def requantize(node, rounding, divide_in_float):
    """QUANTIZE from int8 to int8, and the rescaling of RELU and RELU6."""
    x = node.inputs[0].astype(np.int64) - node.in_zeros[0][0]
    pair = quantize_multiplier(scale_ratio(node, divide_in_float))
    return clamp(node, RESCALE[rounding](x, *pair))


def rectify(node, high, rounding, divide_in_float):
    """RELU or RELU6 with rescaling: clamps after it, in the output's quantization."""
    values = requantize(node, rounding, divide_in_float)
    return np.clip(values, *clamp_range(node, 0.0, high)).astype(np.int8)


def quantize_float(node, rounding):
    """QUANTIZE from float32: divides in float32, then rounds."""
    return clamp(node, rounding(node.inputs[0] / node.out_scale))


def dequantize(node):
    """DEQUANTIZE to float32."""
    x = node.inputs[0].astype(np.int64) - node.in_zeros[0][0]
    return (x * real_scale(node.in_scales[0])).astype(np.float32)


def softmax_fixed(node):
    """SOFTMAX in fixed point: differences Q5.26, the sum Q12.19, output at scale 1/256."""
    x = node.inputs[0].astype(np.int64)
    real = float(node.options.beta) * real_scale(node.in_scales[0]) * 2.0**26
    multiplier, shift = quantize_multiplier(min(real, 2.0**31 - 1))
    difference = x - x.max(axis=-1, keepdims=True)
    kept = difference >= -fixed_point.input_radius(5, shift)
    scaled = fixed_point.high_multiply(np.where(kept, difference, 0) << shift, multiplier)
    powers = np.where(kept, fixed_point.exp_of_negative(scaled, 5), 0)
    total = divide_by_power(powers, 12).sum(axis=-1, keepdims=True)
    zeros = 32 - np.frompyfunc(lambda n: int(n).bit_length(), 1, 1)(total).astype(np.int64)
    inverse = fixed_point.one_over_one_plus((total << zeros) - (1 << 31))
    exponent = 12 - zeros + 31 - 8
    values = divide_by_power(fixed_point.high_multiply(inverse, powers), exponent)
    return np.where(kept, np.clip(values - 128, -128, 127), -128).astype(np.int8)


def softmax_table(node):
    """SOFTMAX by a float32 table of exponentials of differences."""
    x = node.inputs[0].astype(np.int64)
    step = np.float32(-node.in_scales[0][0] * np.float32(node.options.beta))
    table = np.array([math.exp(step * np.float32(n)) for n in range(256)], np.float32)
    powers = table[x.max(axis=-1, keepdims=True) - x]
    total = np.cumsum(powers, axis=-1, dtype=np.float32)[..., -1:]
    values = powers * (np.float32(1.0) / (total * node.out_scale))
    return clamp(node, round_away(values))


def logistic_fixed(node):
    """LOGISTIC in fixed point, input Q4.27, output at scale 1/256."""
    x = node.inputs[0].astype(np.int64) - node.in_zeros[0][0]
    multiplier, shift = quantize_multiplier(real_scale(node.in_scales[0]) * 2.0**27)
    radius = fixed_point.input_radius(4, shift)
    inside = np.abs(x) < radius
    scaled = fixed_point.rescale_double(np.where(inside, x, 0), multiplier, shift)
    values = divide_by_power(fixed_point.logistic(scaled, 4), 23) - 128
    values = np.where(inside, values, np.where(x < 0, -128, 127))
    return np.clip(values, -128, 127).astype(np.int8)


def logistic_table(node):
    """LOGISTIC by a table made in float32, rounded half away from zero."""
    x = (node.inputs[0].astype(np.int64) - node.in_zeros[0][0]).astype(np.float32)
    real = (1.0 / (1.0 + np.exp(-(x * node.in_scales[0][0])))).astype(np.float32)
    return clamp(node, round_away(real / node.out_scale))


def both(function, word="", **named):
    """Returns the double and the single rounding variant of a function."""
    return {
        kind + word: lambda node, k=kind: function(node, rounding=k, **named) for kind in RESCALE
    }


def products(function):
    """Returns the variants of a product: rounding, and type of the product of the scales."""
    return {
        **both(function, ", scale product in float32", product_in_float=True),
        **both(function, ", scale product in double", product_in_float=False),
    }


def ratios(function, **named):
    """Returns the variants of a rescaling: rounding, and type of the ratio of the scales."""
    return {
        **both(function, ", scale ratio in float32", divide_in_float=True, **named),
        **both(function, ", scale ratio in double", divide_in_float=False, **named),
    }


VARIANTS = {
    "CONV_2D": products(conv2d),
    "DEPTHWISE_CONV_2D": products(depthwise),
    "FULLY_CONNECTED": products(fully_connected),
    "ADD": both(add),
    "AVERAGE_POOL_2D": {
        "half away from zero": lambda node: average_pool(node, divide_away),
        "half to even": lambda node: average_pool(
            node, lambda total, count: np.rint(total / count).astype(np.int64)
        ),
    },
    "MAX_POOL_2D": {"exact": max_pool},
    "MEAN": {
        **ratios(mean_folded),
        **both(mean_divided, ", divided afterwards"),
        "float32": mean_float,
    },
    "RELU": ratios(rectify, high=None),
    "RELU6": ratios(rectify, high=6.0),
    "QUANTIZE int8": ratios(requantize),
    "QUANTIZE float32": {
        "half away from zero": lambda node: quantize_float(node, round_away),
        "half to even": lambda node: quantize_float(node, lambda v: np.rint(v).astype(np.int64)),
    },
    "DEQUANTIZE": {"exact": dequantize},
    "SOFTMAX": {"fixed point": softmax_fixed, "float32 table": softmax_table},
    "LOGISTIC": {"fixed point": logistic_fixed, "float32 table": logistic_table},
}
