import { describe, expect, it } from "vitest";
import { Convergence, EarlyStopping, EarlyStoppingOptions } from "../../../lib/src/train/stopping";

const row = (epoch: number, values: Record<string, number>) => ({ epoch, step: epoch, seconds: 0, loss: 0, ...values });
const stopsAfter = (values: number[], options: EarlyStoppingOptions) => {
  const stopping = new EarlyStopping(options, () => []);
  const { metric = "valLoss" } = options;
  return values.findIndex((value, i) => stopping.after(row(i + 1, { [metric]: value }))) + 1;
};

describe("early stopping", () => {
  it.each<[number[], EarlyStoppingOptions, number]>([
    [[3, 2, 1, 1, 1], { patience: 2 }, 5],
    [[3, 2, 1], { patience: 1 }, 0],
    [[1, 2], { patience: 1 }, 2],
    [[1, 0.95, 0.8, 0.75], { patience: 1, minDelta: 0.1 }, 2],
    [[0.1, 0.2, 0.15], { metric: "valAccuracy", patience: 1 }, 3],
    [[5, 6, 5], { metric: "score", mode: "max", patience: 1 }, 3],
  ])("of %o with %o stops after epoch %d", (values, options, epoch) => {
    expect(stopsAfter(values, options)).toBe(epoch);
  });

  it("refuses a column that there is not, and options that make no sense", () => {
    const message =
      'earlyStopping wants metric to be loss or accuracy, got "valLoss". Remedy: give fit() a validation set.';
    expect(() => new EarlyStopping({}, () => []).after(row(1, { accuracy: 1 }))).toThrow(message);
    expect(() => new EarlyStopping({ patience: 0 }, () => [])).toThrow(
      "earlyStopping wants patience to be an integer from 1 up, got 0.",
    );
    expect(() => new EarlyStopping({ minDelta: NaN }, () => [])).toThrow(
      "minDelta to be a finite number from 0 up, got NaN.",
    );
    expect(() => new EarlyStopping({ wait: 1 } as object, () => [])).toThrow("earlyStopping has no option wait.");
  });
});

describe("convergence", () => {
  const reached = (losses: number[], options: ConstructorParameters<typeof Convergence>[0]) =>
    new Convergence(options).reached(losses.map((loss, i) => row(i + 1, { loss })));

  it("needs so many epochs in a row whose loss falls by less than a share", () => {
    expect(reached([1, 0.9], { tolerance: 0.2, patience: 1 })).toBe(true);
    expect(reached([1, 0.9], { tolerance: 0.05, patience: 1 })).toBe(false);
    expect(reached([1, 0.9], { tolerance: 0.2, patience: 2 })).toBe(false);
    expect(reached([4, 1, 0.9, 0.8], { tolerance: 0.2, patience: 2 })).toBe(true);
    expect(reached([1, 2, 3], { tolerance: 0, patience: 2 })).toBe(true);
    expect(reached([-1, -2], { tolerance: 0.1, patience: 1 })).toBe(false);
  });
});
