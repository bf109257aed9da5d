package dev.thimble.cli;

import dev.thimble.Metric;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Figures that users wrote: classes of a jar or a folder of classes. */
final class OwnMetrics implements AutoCloseable {
  private final List<URLClassLoader> loaders = new ArrayList<>();
  private final List<Class<? extends Metric>> classes = new ArrayList<>();

  /**
   * Loads what {@code PATH} offers as a service, or the class of {@code PATH=CLASS}.
   *
   * @throws IllegalArgumentException where there is no such class, or it is no metric
   */
  static OwnMetrics load(List<String> given) throws IOException {
    OwnMetrics metrics = new OwnMetrics();
    for (String each : given) {
      metrics.add(each);
    }
    // What cannot be made is told before the work begins.
    metrics.make();
    return metrics;
  }

  private void add(String given) throws IOException {
    int equals = Files.exists(Path.of(given)) ? -1 : given.lastIndexOf('=');
    Path path = Path.of(equals < 0 ? given : given.substring(0, equals));
    if (!Files.exists(path)) {
      throw new IllegalArgumentException("--metric: there is no jar or folder of classes " + path);
    }
    URL url = path.toUri().toURL();
    URLClassLoader loader = new URLClassLoader(new URL[] {url}, Metric.class.getClassLoader());
    loaders.add(loader);
    if (equals >= 0) {
      classes.add(named(loader, path, given.substring(equals + 1)));
      return;
    }
    int before = classes.size();
    try {
      ServiceLoader.load(Metric.class, loader).stream()
          .filter(provider -> provider.type().getClassLoader() == loader)
          .forEach(provider -> classes.add(provider.type()));
    } catch (ServiceConfigurationError e) {
      throw new IllegalArgumentException("--metric " + path + ": " + e.getMessage(), e);
    }
    if (classes.size() == before) {
      throw new IllegalArgumentException(
          "--metric: "
              + path
              + " offers no metric in META-INF/services/dev.thimble.Metric; name its class by"
              + " --metric "
              + path
              + "=CLASS");
    }
  }

  private static Class<? extends Metric> named(URLClassLoader loader, Path path, String name) {
    try {
      return loader.loadClass(name).asSubclass(Metric.class);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException("--metric: there is no class " + name + " in " + path, e);
    } catch (ClassCastException e) {
      throw new IllegalArgumentException(
          "--metric: " + name + " does not implement dev.thimble.Metric", e);
    }
  }

  /** A new instance of each. */
  List<Metric> make() {
    List<Metric> made = new ArrayList<>();
    for (Class<? extends Metric> type : classes) {
      try {
        made.add(type.getConstructor().newInstance());
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException(
            "--metric: "
                + type.getName()
                + " cannot be made by a public constructor without parameters",
            e);
      }
    }
    return made;
  }

  @Override
  public void close() throws IOException {
    for (URLClassLoader loader : loaders) {
      loader.close();
    }
  }
}
