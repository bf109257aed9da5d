package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.tensor.Tensor;
import java.util.List;

/**
 * Where searches measure recipes for one float network: by what its outputs lose on samples.
 *
 * @param source the float network
 * @param loss of the network that the source was made of
 */
record Trials(Graph source, NetworkLoss loss, List<List<Tensor>> samples, SampleListener listener) {
  /** On so many of the samples at most. */
  Trials onFewer(int most) {
    return new Trials(source, loss, SampleSpread.of(samples, most), listener);
  }

  /** The quantised network of a recipe. */
  Quantized made(Recipe recipe) {
    return Quantizer.run(source, recipe);
  }

  /** The squared error of the scores, as a part of their squares. */
  double loss(Recipe recipe) {
    return losses(List.of(recipe))[0];
  }

  /** The same of each of these recipes; the samples are gone through once. */
  double[] losses(List<Recipe> recipes) {
    return loss.of(
        recipes.stream().map(recipe -> made(recipe).graph()).toList(), samples, listener);
  }

  /** As {@link NetworkLoss#percent} has it. */
  double percent(Recipe recipe) {
    return loss.percent(made(recipe).graph(), samples, listener);
  }

  /** The recipe with filters rounded for the samples. */
  Recipe rounded(Recipe recipe) {
    return RoundingSearch.run(source, recipe, samples, listener);
  }
}
