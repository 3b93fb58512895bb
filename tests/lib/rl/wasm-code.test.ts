import { describe, expect, it } from "vitest";
import * as w from "../../../lib/src/rl/wasm-code";

declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Record<string, (...numbers: number[]) => void> };
};

function run(code: Uint8Array): { numbers: Float64Array; exports: Record<string, (...numbers: number[]) => void> } {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
  return { numbers: new Float64Array(memory.buffer), exports };
}

describe("wasmModule()", () => {
  it("makes functions by their names, with their parameters, numbers and pairs in place", () => {
    const names = { parameters: ["from", "end"], numbers: ["at"], pairs: ["sum"] };
    const sum = w.wasmFunction("sum", names, ({ from, end, at, sum }) => [
      w.set(at, w.get(from)),
      w.whileBelow(at, end, [
        w.set(sum, w.add(w.get(sum), w.load(w.get(at)))),
        w.set(at, w.plus(w.get(at), w.whole(16))),
      ]),
      w.store(w.get(end), 0, w.get(sum)),
    ]);
    const clear = w.wasmFunction("clear", { ...names, parameters: ["place"] }, ({ place }) => [
      w.store(w.get(place), 16, w.both(0.5)),
    ]);
    const { numbers, exports } = run(w.wasmModule([sum, clear]));
    numbers.set([1, 2, 3, 4, 5, 6, 9, 9]);
    exports.sum(0, 48);
    expect([...numbers.slice(4, 8)]).toEqual([5, 6, 9, 12]);
    exports.sum(48, 48); // no turn of the loop
    expect([...numbers.slice(6, 8)]).toEqual([0, 0]);
    exports.clear(0);
    expect([...numbers.slice(2, 4)]).toEqual([0.5, 0.5]);
  });

  it.each([0, 63, 64, 127, 128, 1000])("writes the whole number %i", (value) => {
    const names = { parameters: ["at"], numbers: [], pairs: [] };
    const move = w.wasmFunction("move", names, ({ at }) => [
      w.store(w.plus(w.get(at), w.times(w.whole(value), w.whole(8))), 0, w.both(1)),
    ]);
    const { numbers, exports } = run(w.wasmModule([move]));
    exports.move(8);
    expect(numbers.indexOf(1)).toBe(value + 1);
  });

  it("makes powers of 2, and signs", () => {
    const names = { parameters: ["at"], numbers: [], pairs: [] };
    const power = w.wasmFunction("power", names, ({ at }) => [
      w.store(w.get(at), 16, w.powerOf2(w.load(w.get(at)))),
      w.store(w.get(at), 32, w.withSignsOf(w.load(w.get(at)), w.both(2))),
    ]);
    const { numbers, exports } = run(w.wasmModule([power]));
    numbers.set([-3, 58]);
    exports.power(0);
    expect([...numbers.slice(2, 6)]).toEqual([1 / 8, 2 ** 58, -2, 2]);
  });
});
