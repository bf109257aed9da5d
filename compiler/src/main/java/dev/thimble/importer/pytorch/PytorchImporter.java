package dev.thimble.importer.pytorch;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.onnx.OnnxImporter;
import dev.thimble.importer.pytorch.archive.Argument;
import dev.thimble.importer.pytorch.archive.ExportedInput;
import dev.thimble.importer.pytorch.archive.ExportedNode;
import dev.thimble.importer.pytorch.archive.ExportedOutput;
import dev.thimble.importer.pytorch.archive.ExportedProgram;
import dev.thimble.importer.pytorch.archive.Extent;
import dev.thimble.importer.pytorch.archive.Pt2Archive;
import dev.thimble.importer.pytorch.archive.Source;
import dev.thimble.importer.pytorch.archive.TensorMeta;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads an archive of {@code torch.export} into a program of one graph. Each ATen operator is told
 * in the words of ONNX, so that a network is the same program whichever way it came.
 */
public final class PytorchImporter {
  private static final int OPSET = 21;
  private static final String REMEDY =
      "express these calls with other operators; model.eval() before torch.export.export leaves"
          + " training out, and model.float() makes all elements float32";

  private final Source source;
  private final ExportedProgram program;
  private final Translation translation;
  private final Aliases aliases;
  private final Set<String> outputs = new LinkedHashSet<>();

  private PytorchImporter(Source source, ExportedProgram program) {
    this.source = source;
    this.program = program;
    this.translation = new Translation(source, program);
    this.aliases = new Aliases(program);
  }

  /**
   * The program in these bytes. {@code file} names them in messages; {@code weights} may take the
   * place of those in the file.
   *
   * @throws ModelException when the bytes are malformed, at the first such place; or when not
   *     everything in them is supported, with all of that in one message
   * @throws IllegalArgumentException when the options do not fit the model
   */
  public static OnnxImporter.Imported read(
      String file,
      String program,
      byte[] bytes,
      Optional<SuppliedWeights> weights,
      ImportOptions options) {
    Source source = new Source(file, bytes.length);
    ExportedProgram read = Pt2Archive.read(source, bytes);
    ExportedProgram exported = weights.map(others -> others.into(read)).orElse(read);
    ModelProto model = new PytorchImporter(source, exported).translate(options);
    return OnnxImporter.translated(file, program, model, options, REMEDY);
  }

  private ModelProto translate(ImportOptions options) {
    requireInference();
    inputs(options.shapes());
    for (ExportedNode node : program.nodes()) {
      node(node);
    }
    outputs();
    return ModelProto.newBuilder()
        .setIrVersion(10)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(translation.graph().setName("main"))
        .build();
  }

  /** A model that changes its own data when it runs was exported for training. */
  private void requireInference() {
    List<String> findings = new ArrayList<>();
    for (ExportedOutput output : program.outputs()) {
      if (output instanceof ExportedOutput.Mutation(String form, String value, String name)) {
        findings.add("model: found that it changes the " + form + " " + Source.quoted(name));
      }
    }
    for (ExportedInput input : program.inputs()) {
      if (input instanceof ExportedInput.Unsupported(String value, String form)) {
        findings.add("input " + Source.quoted(value) + ": found " + form + "; supported: tensors");
      }
    }
    if (!findings.isEmpty()) {
      throw ModelException.unsupported(
          source.file(),
          ModelException.counted(findings.size(), "finding") + " in the model itself",
          findings,
          "export the model for inference, with tensors as inputs: model.eval() before"
              + " torch.export.export");
    }
  }

  private void inputs(Map<String, List<Integer>> shapes) {
    List<String> names =
        program.inputs().stream()
            .filter(ExportedInput.User.class::isInstance)
            .map(ExportedInput::value)
            .toList();
    for (String name : shapes.keySet()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "--shape names '" + name + "', the model's inputs are " + names);
      }
    }
    names.forEach(name -> bind(name, Optional.ofNullable(shapes.get(name))));
    names.forEach(this::input);
  }

  /** Settles the symbols of an input's shape: a batch of any size is 1, the rest must be given. */
  private void bind(String name, Optional<List<Integer>> given) {
    List<Extent> dims = translation.meta(name).dims();
    if (given.isPresent() && given.get().size() != dims.size()) {
      throw new IllegalArgumentException(
          "--shape gives '" + name + "' " + given.get().size() + " axes, it has " + dims.size());
    }
    for (int axis = 0; axis < dims.size(); axis++) {
      Extent extent = dims.get(axis);
      boolean open = extent.value().isEmpty() && Symbols.isName(extent.expression());
      if (open && !translation.symbols().knows(extent.expression())) {
        if (given.isEmpty() && axis > 0) {
          throw source.unsupported(
              "input " + Source.quoted(name),
              "has a shape of unknown extents, " + dims,
              "give all of its extents: --shape " + name + "=1,...");
        }
        int chosen = axis;
        translation
            .symbols()
            .bind(extent.expression(), given.map(shape -> shape.get(chosen)).orElse(1));
      }
      if (given.isPresent() && translation.symbols().of(extent) != given.get().get(axis)) {
        throw new IllegalArgumentException(
            "--shape gives axis "
                + axis
                + " of '"
                + name
                + "' "
                + given.get().get(axis)
                + " entries, the model has "
                + extent);
      }
    }
  }

  private void input(String name) {
    TensorMeta meta = translation.meta(name);
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    try {
      translation
          .dims(name)
          .forEach(
              extent -> shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(extent)));
      translation
          .graph()
          .addInput(
              ValueInfoProto.newBuilder()
                  .setName(name)
                  .setType(
                      TypeProto.newBuilder()
                          .setTensorType(
                              TypeProto.Tensor.newBuilder()
                                  .setElemType(Constants.code(translation.kind(name)))
                                  .setShape(shape))));
    } catch (UnsupportedCall e) {
      throw source.unsupported(
          "input " + Source.quoted(name), meta.describe() + ": " + e.finding(), REMEDY);
    }
  }

  private void node(ExportedNode node) {
    AtenCall call = new AtenCall(node, translation);
    if (call.outputs().isEmpty()) {
      // Integers come from the file's own list of them, and assertions were for PyTorch.
      return;
    }
    int mark = translation.mark();
    try {
      translate(call);
    } catch (UnsupportedCall e) {
      translation.rollBack(mark);
      call.refuse(e);
    } catch (ArithmeticException | IndexOutOfBoundsException e) {
      throw call.malformed("has arguments that do not fit its shapes");
    }
  }

  private void translate(AtenCall call) {
    ExportedNode node = call.node();
    String operator = operator(node.target().replace(".__", ".bitwise_").replace("__.", "."));
    String name = operator.substring(operator.indexOf('.') + 1);
    aliases.note(node, name);
    boolean inPlace = name.endsWith("_") && !name.startsWith("_");
    Optional<Consumer<AtenCall>> row =
        AtenRows.of(inPlace ? operator.substring(0, operator.length() - 1) : operator);
    if (row.isEmpty()) {
      throw new UnsupportedCall(types(node), "no form of this operator");
    }
    if (inPlace) {
      requireAlone(call);
    }
    row.get().accept(call);
    List<String> unread = call.unread();
    if (!unread.isEmpty()) {
      throw new UnsupportedCall("the arguments " + unread, "this operator without them");
    }
    for (String output : call.outputs()) {
      if (!translation.isDefined(output) && translation.isRead(output)) {
        throw new UnsupportedCall("a reader of its result " + Source.quoted(output), "the others");
      }
    }
    if (inPlace) {
      translation.rename(call.value("self"), call.out());
    }
  }

  private void requireAlone(AtenCall call) {
    String value = call.value("self");
    Optional<String> other =
        aliases.readLater(value, call.node()).filter(name -> !name.equals(call.out()));
    if (other.isPresent()) {
      throw new UnsupportedCall(
          "arithmetic in place on what " + Source.quoted(other.get()) + " shares",
          "arithmetic in place where no other view of the tensor is read afterwards");
    }
  }

  /** {@code aten.conv2d} for {@code aten.conv2d.default}. */
  private static String operator(String target) {
    int domain = target.indexOf('.');
    int overload = target.indexOf('.', domain + 1);
    return overload < 0 ? target : target.substring(0, overload);
  }

  private String types(ExportedNode node) {
    List<String> types = new ArrayList<>();
    for (ExportedNode.Named input : node.inputs()) {
      if (input.argument() instanceof Argument.Tensor(String name)) {
        types.add(translation.meta(name).describe());
      }
    }
    return types.isEmpty() ? "no tensors" : String.join(", ", types);
  }

  private void outputs() {
    for (ExportedOutput output : program.outputs()) {
      if (output instanceof ExportedOutput.User(Argument argument)
          && argument instanceof Argument.Tensor(String value)) {
        String name = translation.read(value);
        if (outputs.add(name)) {
          translation.graph().addOutput(ValueInfoProto.newBuilder().setName(name));
        }
      }
    }
    if (outputs.isEmpty()) {
      throw source.malformed("outputs", "there are no tensors among them");
    }
  }
}
