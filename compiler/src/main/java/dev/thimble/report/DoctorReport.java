package dev.thimble.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code doctor --json} prints. */
public record DoctorReport(String java, boolean complete, List<ToolRow> tools) {
  public DoctorReport {
    tools = List.copyOf(tools);
  }

  /** An external tool: where it is, or the command that installs it on Debian. */
  public record ToolRow(
      String tool,
      String purpose,
      boolean found,
      @Nullable String path,
      @Nullable String install) {}
}
