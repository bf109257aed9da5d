package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.thimble.importer.layout.UnsupportedTypesException;
import dev.thimble.tensor.Tensor;
import java.util.List;

/** The nodes and constants of a graph, or of a body inside of one, in the file's order. */
final class Bodies {
  private Bodies() {}

  /** Defines what the graph's constants are. */
  static void initializers(GraphProto graph, Scope scope, Model model) {
    for (TensorProto tensor : graph.getInitializerList()) {
      String place = "initializer " + Source.quoted(tensor.getName());
      String name =
          scope.isTop() ? tensor.getName() : model.graph().fresh(scope.prefix() + tensor.getName());
      try {
        scope.define(tensor.getName(), constant(place, name, tensor, model));
      } catch (UnsupportedNode e) {
        model.findings().add(place + ": " + e.finding());
        scope.define(tensor.getName(), new Operand.Unknown());
      }
    }
    if (graph.getSparseInitializerCount() > 0) {
      model.findings().add("model: found sparse initializers; supported: dense initializers");
      graph.getSparseInitializerList().stream()
          .map(sparse -> sparse.getValues().getName())
          .filter(name -> scope.find(name).isEmpty())
          .forEach(name -> scope.define(name, new Operand.Unknown()));
    }
  }

  /** The operand that a tensor of the file is; a constant of the graph takes the name. */
  static Operand constant(String place, String name, TensorProto tensor, Model model) {
    TensorDecoder.Decoded decoded = model.decoder().decode(place, tensor);
    if (decoded.data().isEmpty()) {
      return new Operand.Empty(decoded.dtype(), decoded.dims());
    }
    Tensor data = decoded.data().get();
    try {
      Operand.Dense made = new Operand.Dense(model.graph().constant(name, data));
      if (TensorDecoder.hasFourBits(tensor)) {
        model.fourBits().add(made.tensor().value());
      }
      return made;
    } catch (IllegalArgumentException e) {
      throw model.source().malformed(place, String.valueOf(e.getMessage()));
    }
  }

  /** Imports nodes; those that are not supported become findings, and their outputs unknown. */
  static void nodes(List<NodeProto> nodes, Scope scope, Model model) {
    for (int i = 0; i < nodes.size(); i++) {
      node(new OnnxNode(nodes.get(i), i, scope, model));
    }
  }

  private static void node(OnnxNode node) {
    try {
      requireDefined(node);
      FourBits.require(node);
      OperatorImport.read(node);
      FourBits.pass(node);
      return;
    } catch (UnsupportedNode e) {
      refuse(node, e.finding());
    } catch (UnsupportedTypesException e) {
      refuse(node, "found " + node.describe() + ": " + e.getMessage());
    } catch (UnknownOperand e) {
      // The node that should compute the operand is among the findings already.
    } catch (IllegalArgumentException e) {
      throw node.malformed(String.valueOf(e.getMessage()));
    } catch (IllegalStateException | IndexOutOfBoundsException | ArithmeticException e) {
      // Operands of other types or axes than the operator takes, or numbers out of all bounds.
      throw node.malformed("does not fit its operands " + node.describe());
    }
    for (String output : node.proto().getOutputList()) {
      if (!output.isEmpty() && node.scope().find(output).isEmpty()) {
        node.scope().define(output, new Operand.Unknown());
      }
    }
  }

  private static void requireDefined(OnnxNode node) {
    for (int i = 0; i < node.inputs(); i++) {
      if (node.has(i) && node.scope().find(node.proto().getInput(i)).isEmpty()) {
        throw node.malformed(
            "reads "
                + Source.quoted(node.proto().getInput(i))
                + ", which nothing before it defines");
      }
    }
  }

  private static void refuse(OnnxNode node, String finding) {
    String output = node.outputs() == 0 ? "no output" : Source.quoted(node.proto().getOutput(0));
    node.model().findings().add(node.place() + " -> " + output + ": " + finding);
  }
}
