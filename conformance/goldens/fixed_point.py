"""Fixed-point arithmetic of quantized kernels, on int64 numpy arrays.

A value of format Qm.n is an integer that stands for itself divided by 2**n; m + n = 31.
"""

import math

import numpy as np


def quantize_multiplier(real):
    """Splits a positive real into (multiplier, shift): real = multiplier / 2**31 * 2**shift."""
    if real == 0.0:
        return 0, 0
    fraction, shift = math.frexp(real)
    multiplier = math.floor(fraction * 2.0**31 + 0.5)
    if multiplier == 2**31:
        multiplier, shift = multiplier // 2, shift + 1
    return (0, 0) if shift < -31 else (multiplier, shift)


def high_multiply(a, b):
    """Returns a * b / 2**31, rounded to nearest, ties upwards: the "doubling high multiply".

    The sum is truncated towards zero after a nudge that depends on the sign, as gemmlowp does.
    """
    product = np.asarray(a, np.int64) * np.asarray(b, np.int64)
    nudged = product + np.where(product >= 0, 1 << 30, 1 - (1 << 30))
    quotient = np.where(nudged >= 0, nudged >> 31, -((-nudged) >> 31))
    return np.minimum(quotient, 2**31 - 1)


def divide_by_power(x, exponent):
    """Returns x / 2**exponent, rounded to nearest, ties away from zero."""
    x, exponent = np.asarray(x, np.int64), np.asarray(exponent, np.int64)
    mask = (np.int64(1) << exponent) - 1
    threshold = (mask >> 1) + (x < 0)
    return (x >> exponent) + ((x & mask) > threshold)


def rescale_double(x, multiplier, shift):
    """Multiplies by multiplier / 2**31 * 2**shift, rounding twice."""
    shift = np.asarray(shift, np.int64)
    widened = np.asarray(x, np.int64) << np.maximum(shift, 0)
    return divide_by_power(high_multiply(widened, multiplier), np.maximum(-shift, 0))


def rescale_single(x, multiplier, shift):
    """Multiplies by multiplier / 2**31 * 2**shift, rounding once, ties upwards."""
    total = 31 - np.asarray(shift, np.int64)
    product = np.asarray(x, np.int64) * np.asarray(multiplier, np.int64)
    return (product + (np.int64(1) << (total - 1))) >> total


RESCALE = {"double": rescale_double, "single": rescale_single}


def saturating_shift(x, bits):
    """Shifts left within int32, or right with rounding if bits is negative."""
    if bits < 0:
        return divide_by_power(x, -bits)
    return np.clip(np.asarray(x, np.int64) << bits, -(2**31), 2**31 - 1)


def exp_near_zero(a):
    """Returns exp(a) for a in [-1/4, 0), Q0.31 to Q0.31: a Taylor series around -1/8."""
    exp_of_minus_eighth, third = 1895147668, 715827883
    x = a + (1 << 28)
    x2 = high_multiply(x, x)
    x3, x4 = high_multiply(x2, x), high_multiply(x2, x2)
    tail = divide_by_power(high_multiply(divide_by_power(x4, 2) + x3, third) + x2, 1)
    return exp_of_minus_eighth + high_multiply(exp_of_minus_eighth, x + tail)


def exp_of_negative(a, integer_bits):
    """Returns exp(a) for a <= 0; a is Q(integer_bits), the result Q0.31.

    The multiple of 1/4 is split off and put back by one factor exp(-2**k) per bit.
    """
    fraction_bits = 31 - integer_bits
    quarter = 1 << (fraction_bits - 2)
    a = np.asarray(a, np.int64)
    small = (a & (quarter - 1)) - quarter
    result = exp_near_zero(saturating_shift(small, integer_bits))
    rest = small - a
    factors = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242]
    for exponent, factor in enumerate(factors, start=-2):
        if exponent < integer_bits:
            bit = (rest >> (fraction_bits + exponent)) & 1
            result = np.where(bit == 1, high_multiply(result, factor), result)
    return np.where(a == 0, 2**31 - 1, result)


def one_over_one_plus(a):
    """Returns 1 / (1 + a) for a in [0, 1), Q0.31 to Q0.31: three Newton steps in Q2.29."""
    total = np.asarray(a, np.int64) + (2**31 - 1)
    half = np.where(total >= 0, (total + 1) >> 1, -((1 - total) >> 1))
    x = 1515870810 + high_multiply(half, -1010580540)
    for _ in range(3):
        error = (1 << 29) - high_multiply(half, x)
        x = x + saturating_shift(high_multiply(x, error), 2)
    return saturating_shift(x, 1)


def logistic(a, integer_bits):
    """Returns 1 / (1 + exp(-a)), Q(integer_bits) to Q0.31."""
    a = np.asarray(a, np.int64)
    positive = one_over_one_plus(exp_of_negative(-np.abs(a), integer_bits))
    result = np.where(a > 0, positive, 2**31 - 1 - positive)
    return np.where(a == 0, 1 << 30, result)


def input_radius(integer_bits, shift):
    """Returns the largest |input| that stays in Q(integer_bits) after a left shift."""
    return math.floor(((1 << integer_bits) - 1) * 2.0 ** (31 - integer_bits) / 2.0**shift)
