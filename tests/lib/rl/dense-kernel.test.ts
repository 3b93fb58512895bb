import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { arranged, denseKernel, filledUp } from "../../../lib/src/rl/dense-kernel";

describe("dense()", () => {
  const random = generator(1);
  for (const [rows, inputs, outputs] of [
    [1, 1, 1],
    [2, 3, 4],
    [3, 4, 5],
    [2, 9, 8],
    [1, 64, 2],
  ]) {
    it(`gives rows times columns plus biases for ${rows} rows of ${inputs} inputs and ${outputs} outputs`, () => {
      const width = inputs + 1; // one that does not count
      const [x, kernel, bias] = [rows * width, inputs * outputs, outputs].map((count) => random.normals(count));
      const parameters = arranged(kernel, bias, outputs);
      const shared = denseKernel();
      shared.user = undefined;
      const y = parameters.length + x.length;
      shared.reserve(y + rows * filledUp(outputs));
      shared.numbers.set(parameters, 0);
      shared.numbers.set(x, parameters.length);
      shared.dense(0, parameters.length, width, inputs, y, rows, outputs);
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < outputs; j++) {
          let sum = bias[j];
          for (let i = 0; i < inputs; i++) sum += x[row * width + i] * kernel[i * outputs + j];
          expect(shared.numbers[y + row * filledUp(outputs) + j]).toBeCloseTo(sum, 12);
        }
      }
    });
  }
});

describe("tanh()", () => {
  const tanh = (values: Float64Array) => {
    const shared = denseKernel();
    shared.user = undefined;
    shared.reserve(values.length);
    shared.numbers.set(values);
    shared.tanh(0, values.length);
    return shared.numbers.slice(0, values.length);
  };

  it("gives Math.tanh rounded to float32, from the smallest numbers to the largest", () => {
    const random = generator(2);
    const values = Float64Array.from({ length: 20_000 }, () => random.normal() * 10 ** random.uniform(-9, 1.5));
    expect(tanh(values)).toEqual(values.map((value) => Math.fround(Math.tanh(value))));
  });

  it("keeps NaN and the sign of 0, and is ±1 at the end", () => {
    const values = Float64Array.of(NaN, -0, 0, Infinity, -Infinity, 1e300);
    expect([...tanh(values)]).toEqual([NaN, -0, 0, 1, -1, 1]);
  });
});
