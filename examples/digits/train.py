"""Trains LeNet-5 on drawn digits and writes the float and the int8 network and the test set.

Runs on one thread with deterministic operators and fixed seeds: the same packages and fonts on the
same kind of CPU give the same files.

Usage: python train.py [--epochs N] [--train-count N]
"""

import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))

import tflite_export  # before TensorFlow, whose settings it makes

import tensorflow as tf

import make_digits

SEED = 20240
TRAIN_SEED, CALIBRATION_SEED, TEST_SEED = 1, 2, 3
CALIBRATION_COUNT = 300
TEST_COUNT = 5000  # measured
KEPT_COUNT = 320  # the first of them, kept beside the networks


def lenet5(batch_size=None):
    """Builds LeNet-5 with ReLU and max pooling. Input [N, 32, 32, 1] in [0, 1]."""
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            layers.Input((32, 32, 1), batch_size=batch_size),
            layers.Conv2D(6, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(120, activation="relu"),
            layers.Dense(84, activation="relu"),
            layers.Dense(10),
            layers.Softmax(),
        ]
    )


def train(epochs, count):
    """Trains the network and returns it with a batch size of one."""
    images, labels = make_digits.make(count, TRAIN_SEED, "train")
    model = lenet5()
    steps = epochs * (count // 64)
    rate = tf.keras.optimizers.schedules.CosineDecay(2e-3, steps)
    model.compile(tf.keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", ["accuracy"])
    model.fit(tflite_export.to_float(images), labels, batch_size=64, epochs=epochs, verbose=2)
    fixed = lenet5(batch_size=1)
    fixed.set_weights(model.get_weights())
    return fixed


def main():
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Trains LeNet-5 on drawn digits.")
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--train-count", type=int, default=100000)
    options = parser.parse_args()
    tflite_export.make_deterministic(SEED)
    model = train(options.epochs, options.train_count)
    calibration_images, _ = make_digits.make(CALIBRATION_COUNT, CALIBRATION_SEED, "train")
    images, labels = make_digits.make(TEST_COUNT, TEST_SEED, "test")
    tflite_export.write(HERE, "lenet5", model, calibration_images, images, labels, KEPT_COUNT)


if __name__ == "__main__":
    main()
