"""What the examples' training scripts share: determinism, conversion to TFLite, and measurement."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf


def make_deterministic(seed):
    """Pins threads, seeds and operator order."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def to_float(pictures):
    """Maps uint8 pictures to the network's float input."""
    return pictures.astype(np.float32) / np.float32(255.0)


def calibration(images):
    """Returns float pictures for calibration; two more, all black and all white, fix the scale at 1/255."""
    shape = images[:1].shape
    extremes = [np.zeros(shape, np.float32), np.ones(shape, np.float32)]
    return extremes + [image[None] for image in to_float(images)]


def convert(model, int8=None):
    """Converts to a TFLite flatbuffer: float, or wholly int8 calibrated on these pictures."""
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if int8 is not None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([picture] for picture in calibration(int8))
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


def write(folder, name, model, calibration_images, images, labels, kept):
    """Converts, measures on all pictures, and writes the networks and the first ``kept`` pictures."""
    networks = {"float": convert(model), "int8": convert(model, calibration_images)}
    check_input_type(networks["int8"])
    quantized = (images.astype(np.int16) - 128).astype(np.int8)
    inputs = {"float": to_float(images), "int8": quantized}
    for kind, flatbuffer in networks.items():
        (folder / f"{name}_{kind}.tflite").write_bytes(flatbuffer)
        right = predict(flatbuffer, inputs[kind]) == labels
        print(
            f"{kind}: {len(flatbuffer)} bytes, {right.sum()} of {len(labels)} right;"
            f" {right[:kept].sum()} of the {kept} kept"
        )
    np.save(folder / "test_images.npy", quantized[:kept])
    np.save(folder / "test_labels.npy", labels[:kept])
