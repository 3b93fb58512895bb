import type { CurveRow } from "../../../lib/src/viz/curves";

/** A training that goes well: the faster, the higher the rate. */
export const history = (rate: number, epochs = 4): CurveRow[] =>
  Array.from({ length: epochs }, (_, i) => ({
    epoch: i + 1,
    step: 100 * (i + 1),
    seconds: 2.5 * (i + 1),
    loss: Math.exp(-rate * i),
    valLoss: Math.exp(-rate * i) + 0.1,
    accuracy: 1 - 0.9 * Math.exp(-rate * i),
    valAccuracy: 0.95 - 0.9 * Math.exp(-rate * i),
  }));
