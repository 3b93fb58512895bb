import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { interruptSignal } from "../progress";

type Fit = (this: tfjs.LayersModel, ...args: unknown[]) => Promise<unknown>;

/**
 * Makes the kernel's Stop reach `model.fit` and `model.fitDataset`: TensorFlow.js looks at `model.stopTraining` after every
 * batch, and nobody sets it when a cell is interrupted, so that training would go on unseen behind the next cell.
 * The call then resolves with the history so far, as it does after early stopping.
 *
 * Every model passes here, also one that a learner builds with `tf.layers` alone.
 */
export function stopOnInterrupt(LayersModel: typeof tfjs.LayersModel): void {
  const methods = LayersModel.prototype as unknown as Record<"fit" | "fitDataset", Fit & { stops?: true }>;
  for (const name of ["fit", "fitDataset"] as const) {
    const original = methods[name];
    if (original.stops) continue; // the library loaded a second time in one process, after a rebuild
    const fit: Fit & { stops?: true } = async function (...args) {
      const signal = interruptSignal();
      signal.throwIfAborted();
      const stop = () => {
        this.stopTraining = true;
      };
      signal.addEventListener("abort", stop, { once: true });
      try {
        return await original.apply(this, args);
      } finally {
        signal.removeEventListener("abort", stop);
      }
    };
    fit.stops = true;
    methods[name] = fit;
  }
}
