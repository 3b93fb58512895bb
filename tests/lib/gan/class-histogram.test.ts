import { describe, expect, it } from "vitest";
import { classHistogram } from "../../../lib/src/gan";

describe("classHistogram", () => {
  it("counts each class, also those that do not occur, with the standard error of its share", () => {
    // Shares 3/4, 1/4 and 0 of 4 labels; √(3/4 · 1/4 / 4) = √3 / 8.
    expect(classHistogram([0, 1, 0, 0], 3)).toEqual([
      { class: 0, count: 3, share: 0.75, error: Math.sqrt(3) / 8 },
      { class: 1, count: 1, share: 0.25, error: Math.sqrt(3) / 8 },
      { class: 2, count: 0, share: 0, error: 0 },
    ]);
  });

  it("refuses no labels, and labels that are no class", () => {
    expect(() => classHistogram([])).toThrow("classHistogram() wants labels to be at least one label, got 0.");
    expect(() => classHistogram([1, 10])).toThrow("labels from 0 to 9 for 10 classes, got 10 at 1.");
  });
});
