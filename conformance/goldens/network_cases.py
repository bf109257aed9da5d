"""Golden cases of several nodes."""

import tensorflow as tf

from case import INT8, Case, bias, weights


def separable_block(rng):
    """Pointwise, depthwise, pointwise, added to the input."""
    expand, project = weights(rng, (1, 1, 4, 8), 4), weights(rng, (1, 1, 8, 4), 8)
    middle = weights(rng, (3, 3, 8), 9).reshape(3, 3, 8, 1)
    offsets = [bias(rng, 8), bias(rng, 8), bias(rng, 4)]

    def function(x):
        y = tf.nn.relu6(tf.nn.conv2d(x, expand, 1, "SAME") + offsets[0])
        y = tf.nn.depthwise_conv2d(y, middle, [1, 1, 1, 1], "SAME") + offsets[1]
        y = tf.nn.relu6(y)
        return x + (tf.nn.conv2d(y, project, 1, "SAME") + offsets[2])

    return function


def small_classifier(rng):
    """Convolution, max pool, reshape, fully connected, softmax."""
    filters, matrix = weights(rng, (3, 3, 1, 6), 9), weights(rng, (96, 4), 96)
    offsets = [bias(rng, 6), bias(rng, 4)]

    def function(x):
        y = tf.nn.relu(tf.nn.conv2d(x, filters, 1, "SAME") + offsets[0])
        y = tf.reshape(tf.nn.max_pool2d(y, 2, 2, "VALID"), (1, 96))
        return tf.nn.softmax(4.0 * (tf.matmul(y, matrix) + offsets[1]))

    return function


def mean_head(rng):
    """Strided convolution, mean, fully connected, logistic."""
    filters, matrix = weights(rng, (3, 3, 2, 5), 18), weights(rng, (5, 3), 1)
    offsets = bias(rng, 3)

    def function(x):
        y = tf.reduce_mean(tf.nn.relu(tf.nn.conv2d(x, filters, 2, "SAME")), axis=[1, 2])
        return tf.nn.sigmoid(tf.matmul(y, matrix) + offsets)

    return function


def padded_convolution(rng):
    """An explicit border, then a strided convolution without padding."""
    filters, offsets = weights(rng, (3, 3, 3, 4), 27), bias(rng, 4)
    border = [[0, 0], [1, 1], [1, 1], [0, 0]]
    return lambda x: tf.nn.relu(tf.nn.conv2d(tf.pad(x, border), filters, 2, "VALID") + offsets)


def networks():
    """Returns the cases of several nodes."""
    return [
        Case("net_separable_block", separable_block, ((1, 6, 5, 4),)),
        Case("net_small_classifier", small_classifier, ((1, 8, 8, 1),)),
        Case("net_mean_head", mean_head, ((1, 9, 8, 2),), types=(INT8,)),
        Case("net_padded_convolution", padded_convolution, ((1, 8, 6, 3),), types=(INT8,)),
    ]
