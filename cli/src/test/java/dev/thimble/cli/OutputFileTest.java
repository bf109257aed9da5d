package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** No command writes over what it reads, and none works long for a file that it cannot write. */
class OutputFileTest {
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void aModelIsNotReplacedByItsExport() throws IOException {
    Path model = example("lenet5_int8.tflite");
    byte[] before = Files.readAllBytes(model);
    String file = model.toString();
    refused(file, "export", file, "--to", "tflite", "--out", file);
    refused(file, "run", file, "--seeds", "2", "--out", file);
    String round = folder.resolve(".").resolve("lenet5_int8.tflite").toString();
    refused(round, "export", file, "--to", "tflite", "--out", round);
    assertThat(Files.readAllBytes(model)).isEqualTo(before);
  }

  @Test
  void samplesAreNotReplacedByOutputs() throws IOException {
    String model = example("lenet5_int8.tflite").toString();
    Path data = Files.createDirectory(folder.resolve("data"));
    Path samples = Files.write(data.resolve("d.npy"), new byte[] {1, 2, 3});
    String file = samples.toString();
    refused(file, "run", model, "--inputs", file, "--out", file);
    refused(file, "run", model, "--inputs", "image=" + file, "--out", file);
    refused(file, "run", model, "--inputs", data.toString(), "--out", file);
    refused(file, "export", model, "--to", "tflite", "--calibrate", file, "--out", file);
    assertThat(samples).hasBinaryContent(new byte[] {1, 2, 3});
  }

  @Test
  void dataBesideAModelIsNotReplaced() throws IOException {
    Path data = Files.write(folder.resolve("weights.bin"), new byte[16]);
    TensorProto tensor =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(4)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue("weights.bin"))
            .build();
    TypeProto.Tensor type =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT_VALUE)
            .setShape(
                TensorShapeProto.newBuilder()
                    .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(4)))
            .build();
    GraphProto graph =
        GraphProto.newBuilder()
            .addInitializer(tensor)
            .addInput(
                ValueInfoProto.newBuilder()
                    .setName("x")
                    .setType(TypeProto.newBuilder().setTensorType(type)))
            .addNode(
                NodeProto.newBuilder().setOpType("Add").addInput("x").addInput("w").addOutput("y"))
            .addOutput(ValueInfoProto.newBuilder().setName("y"))
            .build();
    byte[] bytes =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .setGraph(graph)
            .build()
            .toByteArray();
    String model = Files.write(folder.resolve("net.onnx"), bytes).toString();
    refused(data.toString(), "export", model, "--to", "tflite", "--out", data.toString());
    refused(data.toString(), "run", model, "--seeds", "1", "--out", data.toString());
    assertThat(data).hasBinaryContent(new byte[16]);
  }

  @Test
  void aModelIsNotReplacedByItsProgram() throws IOException {
    Path model = example("lenet5_int8.tflite");
    Path named = folder.resolve("lenet5_int8.c");
    Files.copy(model, named);
    assertThat(run("compile", named.toString(), "--out", folder.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains(named + " is an input of this command; name another folder with --out");
    assertThat(named).hasSameBinaryContentAs(model);
  }

  @Test
  void aPageIsRefusedBeforeTheWorkWhereItCannotStand() throws IOException {
    Path file = Files.createFile(folder.resolve("afile"));
    Path page = file.resolve("x.md");
    told(
        page + " cannot be written: " + file + " is a file, not a folder",
        "coverage",
        "--models",
        folder.toString(),
        "--out",
        page.toString());
    told(folder + " is a folder; name a file with --out", "bench", "--out", folder.toString());
  }

  @Test
  void coverageGivesAModelSomeTime() {
    told(
        "--seconds must be >= 1, was 0",
        "coverage",
        "--models",
        folder.toString(),
        "--seconds",
        "0");
  }

  @Test
  void exportOffersNothingThatOnlyAProgramHeeds() {
    assertThat(run("export", "net.tflite", "--to", "tflite", "--ram", "1K")).isEqualTo(2);
    assertThat(err.toString()).startsWith("Unknown options: '--ram', '1K'");
    String help = Main.commandLine().getSubcommands().get("export").getUsageMessage();
    assertThat(help)
        .contains("--calibrate", "--name")
        .doesNotContain("--flash=", "--feed", "--memory", "--profile", "--dump-after");
  }

  private void refused(String file, String... args) {
    told(file + " is an input of this command; name another file with --out", args);
  }

  private void told(String message, String... args) {
    err.getBuffer().setLength(0);
    assertThat(run(args)).isEqualTo(2);
    assertThat(err.toString()).isEqualToIgnoringNewLines("thimble: " + message);
  }

  private Path example(String name) throws IOException {
    Path from = Path.of(System.getProperty("thimble.root")).resolve("examples/digits");
    return Files.copy(from.resolve(name), folder.resolve(name));
  }

  private int run(String... args) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(args);
  }
}
