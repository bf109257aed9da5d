package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.op.Concat;
import dev.thimble.op.Op;
import dev.thimble.op.Pad;
import dev.thimble.op.Reshape;
import dev.thimble.op.Resize;
import dev.thimble.op.Slice;
import dev.thimble.op.TopK;
import dev.thimble.tensor.Shape;
import dev.thimble.testing.TfliteSamples;
import dev.thimble.testing.TfliteWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.ConcatenationOptionsT;
import org.tensorflow.lite.schema.PackOptionsT;
import org.tensorflow.lite.schema.StridedSliceOptionsT;

/** What the options and operands of operators that move elements become. */
class TfliteMovementTest {
  private static Graph graph(TfliteWriter writer) {
    return ModelImporter.read("tiny.tflite", writer.bytes()).program().entry();
  }

  private static List<Op> ops(int builtin) {
    return graph(TfliteSamples.models(true).get(builtin)).nodes().stream().map(Node::op).toList();
  }

  @Test
  void anOperatorWithSeveralOutputsIsANodeForEach() {
    assertThat(ops(BuiltinOperator.SPLIT))
        .containsExactly(
            new Slice(List.of(0, 0, 0, 0), List.of(1, 2, 4, 2), List.of(1, 1, 1, 1)),
            new Slice(List.of(0, 2, 0, 0), List.of(1, 2, 4, 2), List.of(1, 1, 1, 1)));
    assertThat(ops(BuiltinOperator.TOPK_V2))
        .containsExactly(
            new TopK(TopK.Result.VALUES, 3, 1, true), new TopK(TopK.Result.INDICES, 3, 1, true));
  }

  @Test
  void axesThatComeOrGoAreReshapes() {
    assertThat(ops(BuiltinOperator.UNPACK))
        .containsExactly(
            new Slice(List.of(0, 0, 0, 0), List.of(1, 4, 4, 1), List.of(1, 1, 1, 1)),
            new Reshape(Shape.of(1, 4, 4)),
            new Slice(List.of(0, 0, 0, 1), List.of(1, 4, 4, 1), List.of(1, 1, 1, 1)),
            new Reshape(Shape.of(1, 4, 4)));
    assertThat(ops(BuiltinOperator.PACK))
        .containsExactly(
            new Reshape(Shape.of(1, 1, 4, 4, 2)),
            new Reshape(Shape.of(1, 1, 4, 4, 2)),
            new Concat(1));
  }

  @Test
  void masksOfAStridedSliceOpenEndsAndDropAxes() {
    assertThat(ops(BuiltinOperator.STRIDED_SLICE))
        .containsExactly(
            new Slice(List.of(0, 3, 1, 0), List.of(1, 2, 3, 2), List.of(1, -2, 1, 1)),
            new Reshape(Shape.of(2, 3, 2)));
  }

  @Test
  void anEllipsisStandsForTheAxesThatNothingNamesAndANewAxisForNone() {
    StridedSliceOptionsT options = new StridedSliceOptionsT();
    options.setEllipsisMask(1);
    options.setNewAxisMask(2);
    TfliteWriter writer =
        new TfliteWriter()
            .float32("in", 2, 3, 4)
            .input("in")
            .float32("out", 2, 3, 1, 2)
            .output("out")
            .int32("begin", 3)
            .data("begin", new int[] {7, 7, 1})
            .int32("end", 3)
            .data("end", new int[] {7, 7, -1})
            .int32("strides", 3)
            .data("strides", new int[] {7, 7, 1})
            .operator(
                BuiltinOperator.STRIDED_SLICE,
                BuiltinOptions.StridedSliceOptions,
                options,
                List.of("in", "begin", "end", "strides"),
                List.of("out"));
    assertThat(graph(writer).nodes().stream().map(Node::op))
        .containsExactly(
            new Slice(List.of(0, 0, 1), List.of(2, 3, 2), List.of(1, 1, 1)),
            new Reshape(Shape.of(2, 3, 1, 2)));
  }

  @Test
  void whatIsComputedOfShapesAloneIsAConstant() {
    assertThat(ops(BuiltinOperator.SHAPE)).isEmpty();
    Graph range = graph(TfliteSamples.models(true).get(BuiltinOperator.RANGE));
    assertThat(range.constant(range.outputs().getFirst()).orElseThrow().ints())
        .containsExactly(5, 3, 1);
  }

  /** As exporters write a flattening that leaves the batch open. */
  @Test
  void aShapeThatIsPutTogetherFromAnothersIsKnown() {
    StridedSliceOptionsT first = new StridedSliceOptionsT();
    first.setShrinkAxisMask(1);
    PackOptionsT pack = new PackOptionsT();
    pack.setValuesCount(2);
    TfliteWriter writer =
        new TfliteWriter()
            .float32("in", 1, 4, 2)
            .input("in")
            .float32("out", 1, 8)
            .output("out")
            .int32("shape", 3)
            .int32("zero", 1)
            .data("zero", new int[] {0})
            .int32("one", 1)
            .data("one", new int[] {1})
            .int32("batch")
            .int32("rest")
            .data("rest", new int[] {-1})
            .int32("wanted", 2)
            .operator(BuiltinOperator.SHAPE, List.of("in"), List.of("shape"))
            .operator(
                BuiltinOperator.STRIDED_SLICE,
                BuiltinOptions.StridedSliceOptions,
                first,
                List.of("shape", "zero", "one", "one"),
                List.of("batch"))
            .operator(
                BuiltinOperator.PACK,
                BuiltinOptions.PackOptions,
                pack,
                List.of("batch", "rest"),
                List.of("wanted"))
            .operator(BuiltinOperator.RESHAPE, List.of("in", "wanted"), List.of("out"));
    assertThat(graph(writer).nodes().stream().map(Node::op))
        .containsExactly(new Reshape(Shape.of(1, 8)));
  }

  @Test
  void modesAndCoordinatesAreThoseOfTheOptions() {
    assertThat(ops(BuiltinOperator.MIRROR_PAD))
        .containsExactly(new Pad(List.of(0, 1, 2, 0), List.of(0, 1, 1, 0), 0, Pad.Mode.REFLECT));
    Resize bilinear = (Resize) ops(BuiltinOperator.RESIZE_BILINEAR).getFirst();
    assertThat(bilinear.coordinates()).isEqualTo(Resize.Coordinates.LITE_HALF_PIXEL);
    Resize nearest = (Resize) ops(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR).getFirst();
    assertThat(nearest.coordinates()).isEqualTo(Resize.Coordinates.LITE_ALIGN_CORNERS);
    assertThat(nearest.nearest()).isEqualTo(Resize.Nearest.ROUND_PREFER_CEIL);
  }

  @Test
  void concatenationsThatRescaleAreUnsupported() {
    TfliteWriter writer =
        new TfliteWriter()
            .int8("in", 0.5f, 3, 2)
            .input("in")
            .int8("out", 0.25f, 3, 4)
            .output("out");
    ConcatenationOptionsT options = new ConcatenationOptionsT();
    writer.operator(
        BuiltinOperator.CONCATENATION,
        BuiltinOptions.ConcatenationOptions,
        options,
        List.of("in", "in"),
        List.of("out"));
    assertThatThrownBy(() -> graph(writer))
        .hasMessageContaining(
            "operator 0 (CONCATENATION) -> 'out': found int8[2], int8[2] -> int8[4]")
        .hasMessageContaining(
            "supported: elements of one type, and of one scale and zero point, for inputs and"
                + " output");
  }

  @Test
  void axesThatAreNotThereAreErrorsOfTheFile() {
    TfliteWriter writer =
        new TfliteWriter()
            .float32("in", 2)
            .input("in")
            .float32("out", 2)
            .output("out")
            .int32("axes", 1)
            .data("axes", new int[] {1})
            .operator(BuiltinOperator.REVERSE_V2, List.of("in", "axes"), List.of("out"));
    assertThatThrownBy(() -> graph(writer))
        .hasMessageContaining("operator 0 (REVERSE_V2): has axis 1, there are 1 axes");
  }
}
