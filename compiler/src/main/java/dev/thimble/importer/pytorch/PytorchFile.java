package dev.thimble.importer.pytorch;

import dev.thimble.importer.ModelException;
import dev.thimble.importer.pytorch.archive.Pt2Archive;
import java.util.Locale;
import java.util.Optional;

/** Which of PyTorch's files is which: only one kind of them holds a graph. */
public final class PytorchFile {
  private static final String EXPORT =
      "\n  model.load_state_dict(torch.load(\"%s\")); model.eval()"
          + "\n  program = torch.export.export(model, (example_input,))"
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
    String stem = stem(name);
    switch (content.get()) {
      case EXPORTED -> {
        return true;
      }
      case COMPILED ->
          throw refused(
              name,
              "holds what AOTInductor compiled, without the network's graph",
              "save the program that it was compiled from: torch.export.save(program, \""
                  + stem
                  + ".pt2\")");
      case SCRIPTED ->
          throw refused(
              name,
              "is a TorchScript archive",
              "export the model that it was made from, in Python:"
                  + "\n  model.eval()"
                  + "\n  program = torch.export.export(model, (example_input,))"
                  + "\n  torch.export.save(program, \""
                  + stem
                  + ".pt2\")");
      case PICKLED ->
          throw refused(
              name,
              "holds weights, or Python objects, and not the network's graph",
              "export the model, in Python, where its class is known:"
                  + String.format(Locale.ROOT, EXPORT, lastPart(name), stem));
    }
    return false;
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
