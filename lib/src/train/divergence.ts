/** Thrown by `fit` where the loss becomes NaN or infinite: no later step could mend the weights. */
export class DivergenceError extends RangeError {
  constructor(loss: number, step: number, epoch: number) {
    super(
      `fit() got a loss of ${loss} at step ${step}, in epoch ${epoch}. ` +
        "Remedy: a smaller learning rate, smaller initial weights, or inputs scaled to about -1 to 1.",
    );
    this.name = "RangeError";
  }
}
