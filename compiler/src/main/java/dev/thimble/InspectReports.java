package dev.thimble;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.importer.ImportedModel;
import dev.thimble.kernel.KernelException;
import dev.thimble.report.CompileReport;
import dev.thimble.report.InspectReport;
import dev.thimble.report.picture.ArenaPicture;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/** Makes the report of a network as it was imported. */
public final class InspectReports {
  private InspectReports() {}

  /** The report without a picture; {@code options} are those by which its memory is planned. */
  public static InspectReport of(ImportedModel model, CompileOptions options) {
    return of(model, options, false);
  }

  /** The report; with {@code pictured} it has a picture of the plan that the options lead to. */
  public static InspectReport of(ImportedModel model, CompileOptions options, boolean pictured) {
    Graph graph = model.program().entry();
    List<CompileReport.Alternative> memory = List.of();
    List<String> unsupported = List.of();
    ArenaPicture picture = null;
    try {
      Compilation compilation = Compiler.compile(model, options, Stage.Listener.NONE);
      memory = CompileReports.alternatives(compilation);
      picture = pictured ? ArenaPictures.of(compilation) : null;
    } catch (KernelException e) {
      unsupported = String.valueOf(e.getMessage()).lines().toList();
    }
    return new InspectReport(
        CompileReports.model(model, null),
        CompileReports.ports(model, graph.inputs()),
        CompileReports.ports(model, graph.outputs()),
        graph.macs(),
        graph.constants().keySet().stream().mapToLong(v -> v.type().elements()).sum(),
        graph.constants().keySet().stream().mapToLong(v -> v.type().bytes()).sum(),
        graph.nodes().stream().map(InspectReports::row).toList(),
        memory,
        unsupported,
        List.of(),
        picture,
        null);
  }

  private static InspectReport.NodeRow row(Node node) {
    TensorType type = node.output().type();
    String quantization =
        switch (type.quant()) {
          case QuantParams.None none -> type.dtype().reportName();
          case QuantParams.PerTensor p ->
              type.dtype().reportName() + " scale " + p.scale() + " zero point " + p.zeroPoint();
          case QuantParams.PerChannel p ->
              type.dtype().reportName() + " per channel along axis " + p.axis();
        };
    return new InspectReport.NodeRow(
        node.name(),
        node.op().kind(),
        node.op().toString(),
        Arrays.stream(type.shape().dims()).boxed().toList(),
        quantization,
        node.macs());
  }
}
