import { describe, expect, it } from "vitest";
import { philox } from "../../../lib/src/random/philox";

describe("philox", () => {
  // The known answers that the authors publish with Random123 (kat_vectors, philox4x32, 10 rounds).
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], words: "6627e8d5 e169c58d bc57ac4c 9b00dbd8" },
    { counter: Array(4).fill(0xffffffff), key: [0xffffffff, 0xffffffff], words: "408f276d 41c83b0e a20bc7c6 6d5451fd" },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      words: "d16cfe09 94fdcceb 5001e420 24126ea1",
    },
  ])("gives the authors' known answer $words", ({ counter, key, words }) => {
    const out = new Uint32Array(4);
    philox(out, key[0], key[1], counter[0], counter[1], counter[2], counter[3]);
    expect(Array.from(out, (word) => word.toString(16).padStart(8, "0")).join(" ")).toBe(words);
  });
});
