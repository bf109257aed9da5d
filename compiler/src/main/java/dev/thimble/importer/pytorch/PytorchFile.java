package dev.thimble.importer.pytorch;

import dev.thimble.importer.ModelException;
import dev.thimble.importer.pytorch.archive.Pt2Archive;
import dev.thimble.importer.pytorch.archive.StateDict;
import java.util.Locale;
import java.util.Optional;

/** Which of PyTorch's files is which: only one kind of them holds a graph. */
public final class PytorchFile {
  private static final String EXPORT =
      "\n  program = torch.export.export(model, (example_input,))"
          + "\n  torch.export.save(program, \"%s.pt2\")";

  private PytorchFile() {}

  /**
   * Whether the bytes are an archive of {@code torch.export}.
   *
   * @throws ModelException when they are another file of PyTorch's, with how to export from it
   */
  public static boolean isExported(String name, byte[] bytes) {
    Optional<Pt2Archive.Content> content = Pt2Archive.recognise(bytes);
    if (content.isEmpty()) {
      return false;
    }
    switch (content.get()) {
      case EXPORTED -> {
        return true;
      }
      case COMPILED ->
          throw refused(
              name,
              "holds what AOTInductor compiled, without the network's graph",
              "save the program that it was compiled from: torch.export.save(program, \""
                  + stem(name)
                  + ".pt2\")");
      case SCRIPTED ->
          throw refused(
              name,
              "is a TorchScript archive",
              "export the model that it was made from, in Python:" + script(name, "model.eval()"));
      case PICKLED -> throw pickled(name, StateDict.contentOf(bytes));
    }
    return false;
  }

  private static ModelException pickled(String name, StateDict.Content content) {
    String load = "torch.load(\"" + lastPart(name) + "\"";
    String where = "export the model, in Python, where its class is known";
    String weights = where + ", or give them with --weights to a model of the same names:";
    return switch (content) {
      case StateDict.Content.Tensors tensors ->
          refused(
              name,
              "holds weights, and not the network's graph",
              weights + script(name, "model.load_state_dict(" + load + ")); model.eval()"));
      case StateDict.Content.Inside(String key) ->
          refused(
              name,
              "holds weights and more, and not the network's graph",
              weights
                  + script(
                      name, "model.load_state_dict(" + load + ")[\"" + key + "\"]); model.eval()"));
      case StateDict.Content.Safe safe ->
          refused(
              name,
              "holds weights, and not the network's graph",
              weights
                  + script(
                      name,
                      "safetensors.torch.load_model(model, \""
                          + lastPart(name)
                          + "\"); model.eval()"));
      case StateDict.Content.Objects objects ->
          refused(
              name,
              "holds weights or Python objects, and not the network's graph",
              where
                  + ":"
                  + script(name, "model = " + load + ", weights_only=False); model.eval()"));
    };
  }

  /** The lines that export the model, once the first has made it. */
  private static String script(String name, String model) {
    return "\n  " + model + String.format(Locale.ROOT, EXPORT, stem(name));
  }

  private static ModelException refused(String name, String what, String remedy) {
    return ModelException.at(name, "format", what, remedy);
  }

  private static String lastPart(String name) {
    return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  }

  private static String stem(String name) {
    String last = lastPart(name);
    int dot = last.lastIndexOf('.');
    return dot > 0 ? last.substring(0, dot) : last;
  }
}
