package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import org.junit.jupiter.api.Test;

class PlanPrinterTest {
  @Test
  void stepsAndBuffersFollowTheGraphAsComments() {
    Graph graph = Networks.leNet(DType.INT8);
    MemoryPlan plan = MemoryPlanner.plans(graph, new FormsOnly(0), Rounding.DOUBLE).getLast();
    String text = PlanPrinter.print(plan);

    assertThat(text.substring(text.indexOf('#')))
        .isEqualTo(
            """
            # plan stream: arena 1232 bytes, lower bound 1224 bytes
            # step 0 stream of 19 turns "conv2d_0" "max_pool2d_1" rows 14, "conv2d_2" "max_pool2d_3" \
            rows 5 kept
            # step 1 whole "reshape_4"
            # step 2 whole "fully_connected_5"
            # step 3 whole "fully_connected_6"
            # step 4 whole "fully_connected_7"
            # buffer "input_0" input at 40, 1024 bytes, steps -1 to 0
            # buffer "max_pool2d_1 row 0" activation at 1064, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 1" activation at 0, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 2" activation at 84, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 3" activation at 1148, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 4" activation at 168, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 5" activation at 252, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 6" activation at 0, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 7" activation at 1064, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 8" activation at 1148, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 9" activation at 84, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 10" activation at 252, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 11" activation at 168, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 12" activation at 1064, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_1 row 13" activation at 0, 84 bytes, steps 0 to 0
            # buffer "max_pool2d_3" activation at 336, 400 bytes, steps 0 to 1
            # buffer "reshape_4" activation at 336, 400 bytes, steps 1 to 2
            # buffer "fully_connected_5" activation at 0, 120 bytes, steps 2 to 3
            # buffer "fully_connected_6" activation at 120, 84 bytes, steps 3 to 4
            # buffer "fully_connected_7" output at 0, 10 bytes, steps 4 to 5
            """);
    assertThat(GraphParser.parse(text)).isEqualTo(graph);
  }
}
