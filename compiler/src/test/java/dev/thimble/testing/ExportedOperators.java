package dev.thimble.testing;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small networks of one op each, which export writes as operators of TensorFlow Lite. */
public final class ExportedOperators {
  private static final Map<String, String> TEXTS = new LinkedHashMap<>();

  static {
    TEXTS.put(
        "depth_to_space",
        """
        input "x": i8[1,2,3,8] scale 0.5 zero_point 3
        node "y": i8[1,4,6,2] scale 0.5 zero_point 3 = DepthToSpace(block=2, mode=DCR) "x"
        output "y"
        """);
    TEXTS.put(
        "space_to_depth",
        """
        input "x": f32[1,4,6,2]
        node "y": f32[1,2,3,8] = SpaceToDepth(block=2, mode=DCR) "x"
        output "y"
        """);
    TEXTS.put(
        "space_to_batch",
        """
        input "x": i8[1,3,6,2] scale 0.5 zero_point 3
        node "y": i8[4,2,3,2] scale 0.5 zero_point 3 = SpaceToBatch(block=[2,2], before=[1,0], after=[0,0], value=3.0) "x"
        output "y"
        """);
    TEXTS.put(
        "batch_to_space",
        """
        input "x": f32[4,2,3,2]
        node "y": f32[1,3,6,2] = BatchToSpace(block=[2,2], cropsBefore=[1,0], cropsAfter=[0,0]) "x"
        output "y"
        """);
    TEXTS.put(
        "gather",
        """
        input "x": i8[2,5,3] scale 0.5 zero_point 3
        const "at": i32[4] = [4, -1, 0, -5]
        node "y": i8[2,4,3] scale 0.5 zero_point 3 = Gather(axis=1, batchAxes=0) "x", "at"
        output "y"
        """);
    TEXTS.put(
        "top_k_values",
        """
        input "x": f32[3,7]
        node "y": f32[3,4] = TopK(result=VALUES, axis=1, count=4, largest=true) "x"
        output "y"
        """);
    TEXTS.put(
        "top_k_indices",
        """
        input "x": i8[3,7] scale 0.5 zero_point 3
        node "y": i32[3,4] = TopK(result=INDICES, axis=1, count=4, largest=true) "x"
        output "y"
        """);
    TEXTS.put(
        "one_hot",
        """
        input "x": f32[2,3]
        const "v": f32[2] = [-1.0, 2.5]
        node "i": i32[2] = ArgReduce(function=MAX, axis=1, keepAxis=false, last=false) "x"
        node "y": f32[2,4] = OneHot(axis=1, depth=4, fromEnd=false) "i", "v"
        output "y"
        """);
    TEXTS.put(
        "cumulative_sum",
        """
        input "x": i32[2,5,3]
        node "y": i32[2,5,3] = CumulativeSum(axis=1, exclusive=true, reverse=true) "x"
        output "y"
        """);
    TEXTS.put(
        "reverse",
        """
        input "x": i8[2,5,3] scale 0.5 zero_point 3
        node "y": i8[2,5,3] scale 0.5 zero_point 3 = Reverse(axes=[0,2]) "x"
        output "y"
        """);
    TEXTS.put(
        "cast",
        """
        input "x": i32[2,5]
        node "y": f32[2,5] = Cast() "x"
        output "y"
        """);
    TEXTS.put(
        "softmax_along_rows",
        """
        input "x": f32[2,5,3]
        node "y": f32[2,5,3] = Softmax(beta=1.0, axis=1) "x"
        output "y"
        """);
    TEXTS.put("transposed_same", transposed(0, 1, 0, 1, 0, 8));
    TEXTS.put("transposed_valid", transposed(0, 0, 0, 0, 0, 9));
    TEXTS.put("transposed_cut_otherwise", transposed(1, 1, 1, 1, 0, 7));
    TEXTS.put(
        "resize_of_half_pixels",
        """
        input "x": f32[1,3,4,2]
        node "y": f32[1,6,8,2] = Resize(mode=LINEAR, coordinates=HALF_PIXEL, nearest=FLOOR, extents=[1,6,8,2], scales=[1.0,2.0,2.0,1.0], cubic=-0.75, excludeOutside=false, regions=[], extrapolation=0.0) "x"
        output "y"
        """);
    TEXTS.put(
        "resize_nearest_of_onnx",
        """
        input "x": i8[1,3,4,2] scale 0.5 zero_point 3
        node "y": i8[1,6,8,2] scale 0.5 zero_point 3 = Resize(mode=NEAREST, coordinates=ASYMMETRIC, nearest=FLOOR, extents=[1,6,8,2], scales=[1.0,2.0,2.0,1.0], cubic=-0.75, excludeOutside=false, regions=[], extrapolation=0.0) "x"
        output "y"
        """);
    TEXTS.put("filter_of_four_bits", narrow(true));
    TEXTS.put("matrix_of_four_bits", narrow(false));
  }

  private ExportedOperators() {}

  /** The networks' names. */
  public static Iterable<String> names() {
    return TEXTS.keySet();
  }

  /** A network. */
  public static Graph of(String name) {
    return GraphParser.parse(java.util.Objects.requireNonNull(TEXTS.get(name)));
  }

  private static String transposed(int top, int bottom, int left, int right, int extra, int side) {
    return """
    input "x": i8[1,4,4,1] scale 0.5 zero_point 3
    const "w": i8[2,3,3,1] axis 0 scales [0.25, 0.1] = [1, -2, 3, 4, 100, -127, 9, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    const "b": i32[2] = [7, -30]
    node "y": i8[1,%1$d,%1$d,2] scale 1.0 zero_point 2 = TransposedConv2d(stride=(height=2, width=2), dilation=(height=1, width=1), padding=(top=%2$d, bottom=%3$d, left=%4$d, right=%5$d), extraRows=%6$d, extraColumns=%6$d, groups=1, activation=RELU) "x", "w", "b"
    output "y"
    """
        .formatted(side, top, bottom, left, right, extra);
  }

  private static String narrow(boolean convolves) {
    StringBuilder weights = new StringBuilder();
    for (int i = 0; i < 65; i++) {
      weights.append(i == 0 ? "" : ", ").append(i * 7 % 16 - 8);
    }
    String op =
        convolves
            ? "Conv2d(stride=(height=1, width=1), dilation=(height=1, width=1), padding=(top=0,"
                + " bottom=0, left=0, right=0), groups=1, activation=RELU)"
            : "FullyConnected(keepAxes=false, activation=RELU)";
    return """
    input "x": i8[%s] scale 0.5 zero_point 3
    const "w": i8[5,%s] axis 0 scales [0.25, 0.1, 0.3, 0.2, 0.07] = [%s]
    const "b": i32[5] = [7, -30, 0, 5, 900]
    node "y": i8[%s] scale 1.5 zero_point -20 = %s "x", "w", "b"
    output "y"
    """
        .formatted(
            convolves ? "1,3,3,13" : "2,13",
            convolves ? "1,1,13" : "13",
            weights,
            convolves ? "1,3,3,5" : "2,5",
            op);
  }
}
