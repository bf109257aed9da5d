package dev.thimble.importer.tflite;

import java.util.List;
import org.tensorflow.lite.schema.Operator;

/**
 * An operator's entry in the file.
 *
 * @param index the position in the subgraph's list of operators
 * @param builtin the code of {@link org.tensorflow.lite.schema.BuiltinOperator}
 * @param name the operator's name as messages show it; of a custom operator also its own
 * @param inputs indices of tensors; -1 stands for an operand that is left out
 * @param outputs indices of tensors
 * @param table the entry itself, from which its options are read
 */
record TfliteOperator(
    int index,
    int builtin,
    String name,
    List<Integer> inputs,
    List<Integer> outputs,
    Operator table) {
  TfliteOperator {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** Where the operator stands, as error messages name it: {@code operator 12 (CONV_2D)}. */
  String place() {
    return "operator " + index + " (" + name + ")";
  }
}
