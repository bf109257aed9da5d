"""Trains a small network on drawn pictures; writes its float and int8 form and the test set.

Runs on one thread with deterministic operators and fixed seeds: the same packages on the same kind
of CPU give the same files.

Usage: python train.py [--epochs N] [--train-count N]
"""

import argparse
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf

import make_pictures

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20241
TRAIN_SEED, CALIBRATION_SEED, TEST_SEED = 1, 2, 3
BATCH = 32
CALIBRATION_COUNT = 300
TEST_COUNT = 3000  # measured
KEPT_COUNT = 48  # the first of them, kept beside the networks


def make_deterministic():
    """Pins threads, seeds and operator order."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()


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


def to_float(pictures):
    """Maps uint8 pictures to the network's float input."""
    return pictures.astype(np.float32) / np.float32(255.0)


def train(epochs, count):
    """Trains the network and returns it with a batch size of one."""
    images, labels = make_pictures.make(count, TRAIN_SEED)
    model = network()
    steps = epochs * (count // BATCH)
    rate = tf.keras.optimizers.schedules.CosineDecay(1e-3, steps)
    model.compile(tf.keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", ["accuracy"])
    model.fit(to_float(images), labels, batch_size=BATCH, epochs=epochs, verbose=2)
    fixed = network(batch_size=1)
    fixed.set_weights(model.get_weights())
    return fixed


def calibration():
    """Yields float pictures; the first two, all black and all white, fix the scale at 1/255."""
    yield [np.zeros((1, 32, 32, 3), np.float32)]
    yield [np.ones((1, 32, 32, 3), np.float32)]
    images, _ = make_pictures.make(CALIBRATION_COUNT, CALIBRATION_SEED)
    for image in to_float(images):
        yield [image[None]]


def convert(model, int8):
    """Converts to a TFLite flatbuffer, float or wholly int8."""
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if int8:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = calibration
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
    return converter.convert()


def predict(flatbuffer, inputs):
    """Runs the network with TFLite's reference kernels; returns the chosen classes."""
    interpreter = tf.lite.Interpreter(
        model_content=flatbuffer,
        num_threads=1,
        experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF,
    )
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]["index"]
    result = interpreter.get_output_details()[0]["index"]
    classes = []
    for sample in inputs:
        interpreter.set_tensor(source, sample[None])
        interpreter.invoke()
        classes.append(int(np.argmax(interpreter.get_tensor(result))))
    return np.array(classes)


def check_input_type(flatbuffer):
    """Fails unless the int8 input means scale 1/255 and zero point -128."""
    detail = tf.lite.Interpreter(model_content=flatbuffer).get_input_details()[0]
    scale, zero_point = detail["quantization"]
    if np.float32(scale) != np.float32(1 / 255) or zero_point != -128:
        raise SystemExit(f"unexpected input quantization {scale} {zero_point}")


def main():
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Trains the network on drawn pictures.")
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument("--train-count", type=int, default=60000)
    options = parser.parse_args()
    make_deterministic()
    model = train(options.epochs, options.train_count)
    networks = {"float": convert(model, int8=False), "int8": convert(model, int8=True)}
    check_input_type(networks["int8"])

    images, labels = make_pictures.make(TEST_COUNT, TEST_SEED)
    quantized = (images.astype(np.int16) - 128).astype(np.int8)
    inputs = {"float": to_float(images), "int8": quantized}
    for name, flatbuffer in networks.items():
        (HERE / f"cifar_net_{name}.tflite").write_bytes(flatbuffer)
        right = predict(flatbuffer, inputs[name]) == labels
        print(
            f"{name}: {len(flatbuffer)} bytes, {right.sum()} of {TEST_COUNT} right;"
            f" {right[:KEPT_COUNT].sum()} of the {KEPT_COUNT} kept"
        )
    np.save(HERE / "test_images.npy", quantized[:KEPT_COUNT])
    np.save(HERE / "test_labels.npy", labels[:KEPT_COUNT])


if __name__ == "__main__":
    main()
