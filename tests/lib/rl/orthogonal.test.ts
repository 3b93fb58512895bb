import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { orthogonal } from "../../../lib/src/rl/orthogonal";

describe("orthogonal", () => {
  it.each([
    [64, 64],
    [4, 64],
    [64, 2],
    [1, 1],
  ])("makes the shorter side of %i x %i orthonormal but for the gain", (inputs, outputs) => {
    const w = orthogonal(generator(1), inputs, outputs, 3);
    const wide = outputs >= inputs;
    const count = Math.min(inputs, outputs);
    const at = (vector: number, i: number) => (wide ? w[vector * outputs + i] : w[i * outputs + vector]);
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let i = 0; i < Math.max(inputs, outputs); i++) dot += at(a, i) * at(b, i);
        expect(dot).toBeAllclose(a === b ? 9 : 0, { atol: 1e-5 });
      }
    }
  });

  it("draws the same from the same stream, and leaves no direction out", () => {
    const one = orthogonal(generator(2), 8, 8);
    expect([...orthogonal(generator(2), 8, 8)]).toEqual([...one]);
    expect(Math.min(...one)).toBeLessThan(0);
    expect(Math.max(...one)).toBeGreaterThan(0);
  });

  it("refuses sizes of nothing", () => {
    expect(() => orthogonal(generator(1), 0, 3)).toThrow(
      "orthogonal() wants inputs to be an integer from 1 up, got 0.",
    );
  });
});
