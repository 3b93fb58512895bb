import Module from "node:module";
import { sep } from "node:path";
import { currentCell } from "./cell";

/** The file by which Node.js loads the layers of TensorFlow.js. */
const LAYERS = ["@tensorflow", "tfjs-layers", "dist", "tf-layers.node.js"].join(sep);

type Fit = (this: { stopTraining: boolean }, ...rest: unknown[]) => Promise<unknown>;

/**
 * Lets Stop end `model.fit` and `model.fitDataset` after the batch that runs, also in programs that load
 * TensorFlow.js themselves: ending only the `await` would leave the training running behind the learner's back.
 */
export function stopTrainingOnInterrupt(): void {
  const extensions = (
    Module as unknown as { _extensions: Record<string, (m: { exports: unknown }, path: string) => void> }
  )._extensions;
  const load = extensions[".js"];
  extensions[".js"] = (module, path) => {
    load(module, path);
    if (!path.endsWith(LAYERS)) return;
    const { LayersModel } = module.exports as { LayersModel?: { prototype: Record<string, Fit> } };
    if (LayersModel === undefined) return;
    for (const name of ["fit", "fitDataset"]) {
      LayersModel.prototype[name] = stoppable(LayersModel.prototype[name]);
    }
  };
}

function stoppable(fit: Fit): Fit {
  return async function (...rest) {
    const cell = currentCell();
    if (cell === null) return fit.apply(this, rest);
    const stop = () => {
      this.stopTraining = true;
    };
    // The history of a stopped training comes a moment after Stop: the await that gets it waits for it.
    cell.listens = true;
    cell.waiting.add(stop);
    try {
      return await fit.apply(this, rest);
    } finally {
      cell.waiting.delete(stop);
    }
  };
}
