import { describe, expect, it } from "vitest";
import { textWidth } from "../../../lib/src/viz/text-width";
import measured from "../../fixtures/viz/text-width.json";

describe("textWidth", () => {
  it.each(Object.entries(measured.regular))("knows the width of %j to a tenth", (text, width) => {
    expect(Math.abs(textWidth(text, 1) / width - 1)).toBeLessThan(0.1);
  });

  it.each(Object.entries(measured.bold))("knows the width of %j in bold to a tenth", (text, width) => {
    expect(Math.abs(textWidth(text, 1, true) / width - 1)).toBeLessThan(0.1);
  });

  it("grows with the font size", () => {
    expect(textWidth("epoch", 22)).toBeCloseTo(2 * textWidth("epoch", 11));
  });
});
