import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Fetches the Maven that {@code maven.properties} pins. Run by {@code mvnw} as a single source
 * file: {@code java FetchMaven.java PROPERTIES FOLDER} leaves Maven in FOLDER, or leaves no FOLDER.
 */
final class FetchMaven {
  private static final int TRIES = 3;

  private FetchMaven() {}

  public static void main(String[] args) throws Exception {
    Properties pinned = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(args[0]))) {
      pinned.load(reader);
    }
    Path folder = Path.of(args[1]).toAbsolutePath();
    String url = pinned.getProperty("url");
    System.err.println("mvnw: fetching " + url);

    Files.createDirectories(folder.getParent());
    // Beside its final place, so that moving it there is one step of the file system.
    Path work = Files.createTempDirectory(folder.getParent(), ".fetch-");
    Thread cleaner = new Thread(() -> deleteAll(work));
    Runtime.getRuntime().addShutdownHook(cleaner);

    Path zip = work.resolve("maven.zip");
    String sha512 = download(URI.create(url), zip);
    if (!sha512.equals(pinned.getProperty("sha512"))) {
      stop(url + " has SHA-512 " + sha512 + ", expected " + pinned.getProperty("sha512"));
    }
    Path unpacked = Files.createDirectory(work.resolve("maven"));
    unzip(zip, unpacked);
    if (!Files.isRegularFile(unpacked.resolve("bin/mvn"))) {
      stop(url + " holds no bin/mvn");
    }
    try {
      Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Was another mvnw faster? Then what it left has passed the same checks.
      if (!Files.isRegularFile(folder.resolve("bin/mvn"))) {
        throw e;
      }
    }
  }

  /** Downloads to a file and returns the SHA-512 of what came. */
  private static String download(URI uri, Path file) throws Exception {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .followRedirects(Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(30));
    ProxySelector proxy = proxyOfEnvironment(uri);
    if (proxy != null) {
      builder.proxy(proxy);
    }
    try (HttpClient client = builder.build()) {
      for (int attempt = 1; ; attempt++) {
        try {
          HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofMinutes(10)).build();
          HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
          MessageDigest digest = MessageDigest.getInstance("SHA-512");
          try (InputStream in = new DigestInputStream(response.body(), digest)) {
            if (response.statusCode() != 200) {
              throw new IOException("HTTP status " + response.statusCode());
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
          }
          return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
          if (attempt == TRIES) {
            client.shutdownNow();
            stop("cannot fetch " + uri + " (" + e + "); " + remedy());
          }
          Thread.sleep(1000L * attempt);
        }
      }
    }
  }

  private static String remedy() {
    Path trusted = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
    return Files.isReadable(trusted)
        ? "is the network or its proxy reachable?"
        : "the JDK lacks its certificates, " + trusted + " (a dangling link?)";
  }

  /** What https_proxy asks for, or null; no_proxy names hosts and domains to reach directly. */
  private static ProxySelector proxyOfEnvironment(URI uri) {
    String proxy = environment("https_proxy");
    if (proxy == null) {
      return null;
    }
    String direct = environment("no_proxy");
    for (String host : direct == null ? new String[0] : direct.split("[, ]+")) {
      String name = host.startsWith(".") ? host.substring(1) : host;
      if (!name.isEmpty()
          && (name.equals("*")
              || uri.getHost().equals(name)
              || uri.getHost().endsWith("." + name))) {
        return null;
      }
    }
    URI at = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
    return ProxySelector.of(
        new InetSocketAddress(at.getHost(), at.getPort() < 0 ? 80 : at.getPort()));
  }

  private static String environment(String name) {
    String value = System.getenv(name);
    if (value == null || value.isBlank()) {
      value = System.getenv(name.toUpperCase(Locale.ROOT));
    }
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** Unpacks an archive without its topmost folder. */
  private static void unzip(Path zip, Path to) throws IOException {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        String name = entry.getName().substring(entry.getName().indexOf('/') + 1);
        Path file = to.resolve(name).normalize();
        if (!file.startsWith(to)) {
          stop("the archive has an entry outside its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(in, file);
          if (name.startsWith("bin/")) {
            file.toFile().setExecutable(true, false);
          }
        }
      }
    }
  }

  private static void deleteAll(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println("mvnw: could not delete " + folder + ": " + e);
    }
  }

  private static void stop(String message) {
    System.err.println("mvnw: " + message);
    System.exit(4);
  }
}
