"""Makes small TFLite models: by TensorFlow's converter, or node by node from the schema.

The converter serves wherever it can. Some models it never writes, although other tools do: a
convolution without bias, a lone QUANTIZE from int8 to int8. These are assembled, or changed after
conversion, with the schema's object API that TensorFlow ships.
"""

import numpy as np
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.tools import flatbuffer_utils

CALIBRATION_SAMPLES = 40
TYPES = {
    "float32": schema.TensorType.FLOAT32,
    "int8": schema.TensorType.INT8,
    "int32": schema.TensorType.INT32,
}


def convert(function, shapes, ranges, int8, seed):
    """Converts a function of tensors.

    Args:
      function: takes len(shapes) float tensors, returns one.
      shapes: input shapes, batch axis first.
      ranges: (low, high) of each input; the calibration data spans exactly this.
      int8: wholly int8, inputs and outputs included, else float.
      seed: of the calibration data.

    Returns: the flatbuffer.
    """
    specs = [tf.TensorSpec(s, tf.float32, name=f"in{i}") for i, s in enumerate(shapes)]
    concrete = tf.function(function, input_signature=specs).get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    if int8:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: calibration(shapes, ranges, seed)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
    return bytes(converter.convert())


def calibration(shapes, ranges, seed):
    """Yields uniform samples; the first holds both ends of each range."""
    rng = np.random.default_rng([seed, 1])
    for index in range(CALIBRATION_SAMPLES):
        samples = []
        for shape, (low, high) in zip(shapes, ranges):
            sample = rng.uniform(low, high, size=shape).astype(np.float32)
            if index == 0:
                sample.flat[0], sample.flat[-1] = low, high
            samples.append(sample)
        yield samples


def drop_bias(flatbuffer):
    """Removes the third input of every CONV_2D.

    TFLite refuses to run the result, float or int8; other runtimes accept it.
    """
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(flatbuffer))
    for node in model.subgraphs[0].operators:
        if model.operatorCodes[node.opcodeIndex].builtinCode == schema.BuiltinOperator.CONV_2D:
            node.inputs = node.inputs[:2]
    return pack(model)


def expose_all(flatbuffer):
    """Makes every node's output an output of the network.

    Only so can every value be read: even an interpreter told to preserve all tensors lets ADD write
    over its first input.
    """
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(flatbuffer))
    graph = model.subgraphs[0]
    graph.outputs = np.array([node.outputs[0] for node in graph.operators], np.int32)
    model.signatureDefs = []
    return pack(model)


def set_quantization(flatbuffer, which, scale, zero_point):
    """Replaces the quantization of the first input or output (which: "inputs" or "outputs")."""
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(flatbuffer))
    graph = model.subgraphs[0]
    tensor = graph.tensors[getattr(graph, which)[0]]
    tensor.quantization = quantization(scale, zero_point)
    return pack(model)


def quantization(scale, zero_point):
    """Returns quantization parameters; several scales mean one for each index of axis 0."""
    parameters = schema.QuantizationParametersT()
    parameters.scale = np.atleast_1d(np.array(scale, np.float32))
    parameters.zeroPoint = np.full(parameters.scale.shape, zero_point, np.int64)
    parameters.quantizedDimension = 0
    return parameters


def tensor(name, dtype, shape, scale=None, zero_point=0):
    """Returns a tensor record; without a scale it is not quantized."""
    record = schema.TensorT()
    record.name = name.encode()
    record.type = TYPES[dtype]
    record.shape = np.array(shape, np.int32)
    if scale is not None:
        record.quantization = quantization(scale, zero_point)
    return record


def single_node(builtin, version, sources, result, options=None, constants=()):
    """Assembles a model of one node with one output.

    Args:
      builtin: a schema.BuiltinOperator.
      version: the operator's version.
      sources: tensor records of the network's inputs, which are the node's first inputs.
      result: tensor record of the output.
      options: (schema.BuiltinOptions, record), or None.
      constants: (tensor record, array) of further inputs.
    """
    code = schema.OperatorCodeT()
    code.builtinCode, code.deprecatedBuiltinCode, code.version = builtin, builtin, version
    model, graph, node = schema.ModelT(), schema.SubGraphT(), schema.OperatorT()
    model.version, model.operatorCodes, model.subgraphs = 3, [code], [graph]
    model.buffers = [schema.BufferT()]
    graph.tensors = list(sources)
    for record, values in constants:
        record.buffer = len(model.buffers)
        graph.tensors.append(record)
        model.buffers.append(schema.BufferT())
        model.buffers[-1].data = np.frombuffer(values.tobytes(), np.uint8)
    node.inputs = np.arange(len(graph.tensors), dtype=np.int32)
    node.outputs = np.array([len(graph.tensors)], np.int32)
    graph.tensors.append(result)
    if options is not None:
        node.builtinOptionsType, node.builtinOptions = options
    graph.inputs, graph.outputs = np.arange(len(sources), dtype=np.int32), node.outputs
    graph.operators = [node]
    return pack(model)


def pack(model):
    """Serialises a model record."""
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def reference_interpreter(flatbuffer):
    """Returns an interpreter that runs TFLite's reference kernels and keeps every tensor."""
    interpreter = tf.lite.Interpreter(
        model_content=flatbuffer,
        num_threads=1,
        experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF,
        experimental_preserve_all_tensors=True,
    )
    interpreter.allocate_tensors()
    return interpreter


def run(flatbuffer, inputs):
    """Runs samples one by one.

    Args:
      inputs: an array for each input; axis 0 counts samples of batch one.

    Returns: for each output, its samples joined along axis 0.
    """
    interpreter = reference_interpreter(flatbuffer)
    sources, results = interpreter.get_input_details(), interpreter.get_output_details()
    outputs = [[] for _ in results]
    for index in range(len(inputs[0])):
        for detail, values in zip(sources, inputs):
            interpreter.set_tensor(detail["index"], values[index : index + 1])
        interpreter.invoke()
        for kept, detail in zip(outputs, results):
            kept.append(interpreter.get_tensor(detail["index"]).copy())
    return [np.concatenate(kept, axis=0) for kept in outputs]
