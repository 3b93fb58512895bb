import { describe, expect, it } from "vitest";
import { nameValue, readGrid, writeValue } from "../../../lib/src/course/value";

const tensor = { shape: [2, 2], dtype: "float32", dataSync: () => Float32Array.of(1, 2, 3, 4) };

describe("values in checks", () => {
  it("are read as numbers with a shape, from any nesting", () => {
    expect(readGrid([[1, 2, 3], Float32Array.of(4, 5, 6)])).toMatchObject({ shape: [2, 3], data: [1, 2, 3, 4, 5, 6] });
    expect(readGrid([])).toMatchObject({ shape: [0] });
    expect(readGrid(tensor)).toMatchObject({ kind: "tensor", shape: [2, 2], dtype: "float32" });
  });

  it("are no numbers where rows are of different lengths or hold other things", () => {
    expect([[[1], [1, 2]], ["1"], {}, null, [tensor]].map(readGrid)).toEqual(Array(5).fill(undefined));
  });

  it("are written as code, within the room there is", () => {
    expect(writeValue([1, 0.123456])).toBe("[1, 0.1235]");
    expect(writeValue({ loss: 0.5, name: "a" })).toBe('{ loss: 0.5, name: "a" }');
    expect(writeValue(tensor)).toBe("float32 [2, 2] [[1, 2], [3, 4]]");
    expect(nameValue(tensor)).toBe("float32 [2, 2]");
    expect(writeValue(Array.from({ length: 1000 }, () => 7)).length).toBeLessThanOrEqual(60);
    expect(writeValue(new Float32Array(1e6))).toMatch(/^\[0, 0.*…\]?$/);
  });
});
