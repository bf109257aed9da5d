"""Trains a small network on drawn pictures; writes its float and int8 form and the test set.

Runs on one thread with deterministic operators and fixed seeds: the same packages on the same kind
of CPU give the same files.

Usage: python train.py [--epochs N] [--train-count N]
"""

import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))

import tflite_export  # before TensorFlow, whose settings it makes

import tensorflow as tf

import make_pictures

SEED = 20241
TRAIN_SEED, CALIBRATION_SEED, TEST_SEED = 1, 2, 3
BATCH = 32
CALIBRATION_COUNT = 300
TEST_COUNT = 3000  # measured
KEPT_COUNT = 48  # the first of them, kept beside the networks


def network(batch_size=None):
    """Builds three 5x5 convolutions with pooling and one product. Input [N, 32, 32, 3], 0 to 1."""
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            layers.Input((32, 32, 3), batch_size=batch_size),
            layers.Conv2D(32, 5, padding="same", activation="relu", kernel_initializer="he_normal"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 5, padding="same", activation="relu", kernel_initializer="he_normal"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 5, padding="same", activation="relu", kernel_initializer="he_normal"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10),
            layers.Softmax(),
        ]
    )


def train(epochs, count):
    """Trains the network and returns it with a batch size of one."""
    images, labels = make_pictures.make(count, TRAIN_SEED)
    model = network()
    steps = epochs * (count // BATCH)
    rate = tf.keras.optimizers.schedules.CosineDecay(1e-3, steps)
    model.compile(tf.keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", ["accuracy"])
    model.fit(tflite_export.to_float(images), labels, batch_size=BATCH, epochs=epochs, verbose=2)
    fixed = network(batch_size=1)
    fixed.set_weights(model.get_weights())
    return fixed


def main():
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Trains the network on drawn pictures.")
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument("--train-count", type=int, default=60000)
    options = parser.parse_args()
    tflite_export.make_deterministic(SEED)
    model = train(options.epochs, options.train_count)
    calibration_images, _ = make_pictures.make(CALIBRATION_COUNT, CALIBRATION_SEED)
    images, labels = make_pictures.make(TEST_COUNT, TEST_SEED)
    tflite_export.write(HERE, "cifar_net", model, calibration_images, images, labels, KEPT_COUNT)


if __name__ == "__main__":
    main()
