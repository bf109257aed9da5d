package dev.thimble.cli;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Session;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportedModel;
import dev.thimble.op.Rounding;
import dev.thimble.report.Json;
import dev.thimble.report.RunReport;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run}: runs the reference evaluator. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs a network by the reference evaluator; no C is involved.")
final class RunCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "A model: .tflite, .onnx, .pt2, .keras or .h5.")
  private Path model;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the first output of all samples to a .npy file.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the outputs as JSON to stdout.")
  private boolean json;

  @Mixin private Sampling sampling;
  @Mixin private CompileArguments arguments;

  @Override
  public Integer call() throws IOException {
    ImportedModel imported = arguments.read(model);
    if (!sampling.given()) {
      throw new IllegalArgumentException("run needs --inputs DATA or --seeds N");
    }
    if (out != null) {
      List<Path> inputs = new ArrayList<>(arguments.files(model));
      inputs.addAll(sampling.files());
      OutputFile.require(out, inputs);
    }
    Graph graph = arguments.reference(imported);
    Rounding rounding = arguments.options(Target.PORTABLE).rounding();
    List<List<Tensor>> samples = sampling.read(imported.inputs(), 0, arguments.quantizing());
    List<List<Tensor>> results = new ArrayList<>();
    try (Progress progress = Progress.of("running", samples.size())) {
      Session session = new Session(graph, rounding);
      for (List<Tensor> sample : samples) {
        results.add(sourced(imported, graph, session.outputs(sample)));
        progress.step();
      }
    }
    if (out != null) {
      NpyWriter.write(out, results.stream().map(List::getFirst).toList());
    }
    if (json) {
      System.out.print(Json.write(report(graph, results)));
    } else if (!arguments.dumps()) {
      results.forEach(RunCommand::print);
    }
    return ExitCode.DONE;
  }

  /** Outputs as the model file has their axes. */
  private static List<Tensor> sourced(ImportedModel model, Graph graph, List<Tensor> outputs) {
    List<Tensor> sourced = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      sourced.add(model.info(graph.outputs().get(i)).toSource(outputs.get(i)));
    }
    return sourced;
  }

  private static RunReport report(Graph graph, List<List<Tensor>> results) {
    List<RunReport.Result> rows = new ArrayList<>();
    for (List<Tensor> tensors : results) {
      List<RunReport.Output> outputs = new ArrayList<>();
      for (int i = 0; i < tensors.size(); i++) {
        Value value = graph.outputs().get(i);
        outputs.add(
            new RunReport.Output(
                value.name(),
                value.type().dtype().reportName(),
                Arrays.stream(tensors.get(i).shape().dims()).boxed().toList(),
                numbers(tensors.get(i))));
      }
      rows.add(new RunReport.Result(outputs));
    }
    return new RunReport(rows);
  }

  private static List<Number> numbers(Tensor tensor) {
    List<Number> numbers = new ArrayList<>(tensor.type().elements());
    if (tensor.type().isFloat()) {
      for (float value : tensor.floats()) {
        numbers.add(value);
      }
    } else {
      Arrays.stream(tensor.longs()).forEach(numbers::add);
    }
    return numbers;
  }

  private static void print(List<Tensor> outputs) {
    List<String> parts = new ArrayList<>();
    for (Tensor tensor : outputs) {
      parts.add(
          tensor.type().isFloat()
              ? Arrays.toString(tensor.floats())
              : Arrays.toString(tensor.longs()));
    }
    System.out.println(String.join(" ", parts));
  }
}
