import { describe, expect, it } from "vitest";
import { note, palette } from "../../../lib/src/viz/theme";

const channels = (color: string) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255);
const linear = (color: string) => channels(color).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));

/** WCAG 2.2, relative luminance and contrast ratio. */
const luminance = (color: string) => linear(color).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** What is left of a colour without one kind of cone. Viénot, Brettel, Mollon: Digital video colourmaps, 1999. */
const blind: Record<string, number[][]> = {
  protanopia: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopia: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
};
const seenBy = (matrix: number[][], color: string) =>
  matrix
    .map((row) => row.reduce((sum, weight, i) => sum + weight * linear(color)[i], 0))
    .map((c) => Math.max(0, c) ** (1 / 2.4));

describe("the theme", () => {
  it.each(palette.slice(0, 5))("has %s stand out against white and against JupyterLab's dark grey", (color) => {
    expect(contrast(color, "#ffffff")).toBeGreaterThan(2.5);
    expect(contrast(color, "#111111")).toBeGreaterThan(4);
  });

  it("writes notes that can be read on both", () => {
    expect(contrast(note.color, "#ffffff")).toBeGreaterThan(3.9);
    expect(contrast(note.color, "#111111")).toBeGreaterThan(4.5);
  });

  it.each(Object.keys(blind))("keeps the first three colours apart for eyes with %s", (kind) => {
    const seen = palette.slice(0, 3).map((color) => seenBy(blind[kind], color));
    const apart = (a: number[], b: number[]) => Math.hypot(...a.map((value, i) => value - b[i]));
    expect(Math.min(apart(seen[0], seen[1]), apart(seen[0], seen[2]), apart(seen[1], seen[2]))).toBeGreaterThan(0.2);
  });
});
