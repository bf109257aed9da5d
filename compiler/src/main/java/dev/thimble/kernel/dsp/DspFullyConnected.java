package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.ParameterList;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.FullyConnected;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Matrix products with a constant filter. */
final class DspFullyConnected {
  private static final String NAME = "fully_connected_s8_dsp";
  private static final int MIN_DIRECT = 4;

  private DspFullyConnected() {}

  static List<Candidate> candidates(FullyConnected op, KernelRequest request) {
    if (request.input().dtype() != DType.INT8 || request.output().dtype() != DType.INT8) {
      return List.of();
    }
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    int depth = request.inputs().get(1).shape().dim(1);
    Optional<DspFilters> filters =
        DspFilters.of(request, quantization, FilterSteps.of(1, depth), 1);
    List<Candidate> candidates = new ArrayList<>(DspNibbles.candidates(op, request));
    if (filters.isPresent()) {
      candidates.add(candidate(request, filters.get(), false));
      if (depth >= MIN_DIRECT) {
        candidates.add(candidate(request, filters.get(), true));
      }
    }
    return candidates;
  }

  private static Candidate candidate(KernelRequest request, DspFilters filters, boolean direct) {
    Shape filter = request.inputs().get(1).shape();
    int rows = request.input().elements() / filter.dim(1);
    ParameterList list = new ParameterList();
    filters.parameters(list);
    list.int32("rows", rows)
        .int32("depth", filter.dim(1))
        .int32("outputs", filter.dim(0))
        .flag("direct", direct);
    Kernel kernel =
        new Kernel(
            "fully_connected/" + NAME + ".c",
            NAME,
            new Form.Whole(),
            List.of(0),
            list.toList(),
            direct ? 0 : 4 * filters.steps().columnWords(),
            false);
    return new Candidate(kernel, DspCosts.fullyConnected(rows, filters, direct));
  }
}
