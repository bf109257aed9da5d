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
            # plan stream: arena 1928 bytes, lower bound 1928 bytes
            # step 0 stream "conv2d_0" "max_pool2d_1" rows 6, "conv2d_2" "max_pool2d_3" rows 5
            # step 1 whole "reshape_4"
            # step 2 whole "fully_connected_5"
            # step 3 whole "fully_connected_6"
            # step 4 whole "fully_connected_7"
            # buffer "input_0" input at 0, 1024 bytes, steps -1 to 0
            # buffer "max_pool2d_3" activation at 1528, 400 bytes, steps 0 to 2, \
            holds "max_pool2d_3" "reshape_4"
            # buffer "max_pool2d_1" activation at 1024, 504 bytes, steps 0 to 0
            # buffer "fully_connected_5" activation at 0, 120 bytes, steps 2 to 3
            # buffer "fully_connected_6" activation at 120, 84 bytes, steps 3 to 4
            # buffer "fully_connected_7" output at 0, 10 bytes, steps 4 to 5
            """);
    assertThat(GraphParser.parse(text)).isEqualTo(graph);
  }
}
