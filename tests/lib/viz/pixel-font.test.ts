import { describe, expect, it } from "vitest";
import { setText } from "../../../lib/src/viz/pixel-font";

/** A text as a reader sees it, a line for each row of pixels. */
function picture(text: string): string[] {
  const { width, pixels } = setText(text);
  const rows = Array.from({ length: 9 }, () => new Array<string>(width).fill("."));
  for (const [x, y] of pixels) rows[y][x] = "#";
  return rows.map((row) => row.join(""));
}

describe("setText", () => {
  it("draws letters that can be read, with descenders below the line", () => {
    expect(picture("A1g")).toEqual([
      ".###...#.......",
      "#...#.##.......",
      "#...#..#...####",
      "#...#..#..#...#",
      "#####..#..#...#",
      "#...#..#..#...#",
      "#...#.###..####",
      "..............#",
      "...........###.",
    ]);
  });

  it("has a glyph of its own for every printable character of ASCII", () => {
    const letters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
    const seen = letters.map((letter) => JSON.stringify(setText(letter).pixels));
    expect(new Set(seen).size).toBe(94);
    expect(seen).not.toContain(JSON.stringify(setText("\u4e2d").pixels));
  });

  it("leaves accents out, keeps signs whole and boxes the unknown", () => {
    expect(setText("é")).toEqual(setText("e"));
    expect(setText("≠")).not.toEqual(setText("="));
    expect(picture("中").slice(0, 2)).toEqual(["#####", "#...#"]);
  });

  it("gives spaces their room", () => {
    expect(setText("a b").width).toBe(setText("ab").width + 3);
    expect(setText("").width).toBe(0);
  });
});
