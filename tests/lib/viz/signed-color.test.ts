import { describe, expect, it } from "vitest";
import { signedColor } from "../../../lib/src/viz/signed-color";

describe("signedColor", () => {
  it("is white at 0, blue at 1 and vermilion at -1", () => {
    expect([0, 1, -1].map(signedColor)).toEqual([
      [255, 255, 255],
      [42, 127, 193],
      [221, 100, 20],
    ]);
  });

  it("goes evenly from white to the end, and no further", () => {
    expect(signedColor(0.5)).toEqual([149, 191, 224]); // 255 - 213/2, 255 - 128/2, 255 - 62/2
    expect(signedColor(-7)).toEqual(signedColor(-1));
  });
});
