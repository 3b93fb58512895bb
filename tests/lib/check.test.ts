import { describe, expect, it } from "vitest";
import {
  checkDtype,
  checkFinite,
  checkFunction,
  checkInteger,
  checkLabels,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkShape,
  describe as words,
} from "../../lib/src/check";

const tensor = (shape: number[], dtype = "float32", isDisposed = false) => ({ shape, dtype, isDisposed });

describe("checks", () => {
  it("pass on what they accept", () => {
    expect(checkInteger("fit()", "epochs", 3, { min: 1 })).toBe(3);
    expect(checkNumber("fit()", "rate", 0.5)).toBe(0.5);
    expect(checkOneOf("fit()", "loss", "mse", ["mse", "mae"])).toBe("mse");
    const x = tensor([5, 28, 28, 1]);
    expect(checkShape("f()", "x", x, [null, 28, 28, 1])).toBe(x);
    expect(checkDtype("f()", "x", x, ["int32", "float32"])).toBe(x);
    checkOptions("fit()", { epochs: 1 }, ["epochs"]);
    checkFinite("f()", "x", new Float32Array([0, -1, 1e30]));
    checkLabels("f()", "y", [0, 9, 3], 10);
  });

  it.each<[() => unknown, ErrorConstructor, string]>([
    [
      () => checkInteger("fit()", "epochs", 0, { min: 1 }),
      RangeError,
      "fit() wants epochs to be an integer from 1 up, got 0.",
    ],
    [
      () => checkInteger("f()", "n", 2.5, { min: 1, max: 3 }),
      RangeError,
      "f() wants n to be an integer from 1 to 3, got 2.5.",
    ],
    [() => checkInteger("f()", "n", 4, { max: 3 }), RangeError, "f() wants n to be an integer up to 3, got 4."],
    [() => checkInteger("f()", "n", "4"), TypeError, 'f() wants n to be an integer, got "4".'],
    [() => checkNumber("f()", "rate", NaN), RangeError, "f() wants rate to be a finite number, got NaN."],
    [
      () => checkNumber("f()", "rate", undefined, { remedy: "give one." }),
      TypeError,
      "f() wants rate to be a finite number, got undefined. Remedy: give one.",
    ],
    [
      () => checkOneOf("f()", "optimizer", "adm", ["sgd", "adam"]),
      RangeError,
      'f() wants optimizer to be "sgd" or "adam", got "adm". Remedy: did you mean "adam"?',
    ],
    [
      () => checkOptions("fit()", { batchsize: 1 }, ["epochs", "batchSize"]),
      TypeError,
      "fit() has no option batchsize. Remedy: did you mean batchSize?",
    ],
    [() => checkOptions("f()", { zzz: 1 }, ["seed"]), TypeError, "f() has no option zzz. Remedy: it knows seed."],
    [() => checkFunction("f()", "step", 3), TypeError, "f() wants step to be a function, got 3."],
    [
      () => checkShape("f()", "x", tensor([5, 784]), [null, 28, 28, 1]),
      RangeError,
      "f() wants x to be a tensor of shape [any, 28, 28, 1], got a tensor of float32 [5, 784].",
    ],
    [
      () => checkShape("f()", "x", [1, 2], [2]),
      TypeError,
      "f() wants x to be a tensor, got [1, 2]. Remedy: wrap it in tf.tensor(…).",
    ],
    [
      () => checkShape("f()", "x", tensor([2], "float32", true), [2]),
      Error,
      "f() got x after it was disposed of. Remedy: tf.keep() or clone() it where it is made.",
    ],
    [
      () => checkDtype("f()", "y", tensor([5]), ["int32"]),
      TypeError,
      "f() wants y to be a tensor of int32, got a tensor of float32 [5].",
    ],
    [() => checkFinite("f()", "x", [1, 2, NaN]), RangeError, "f() wants x to be finite numbers, got NaN at 2."],
    [
      () => checkLabels("f()", "y", [1, 10], 10),
      RangeError,
      "f() wants y to be labels from 0 to 9 for 10 classes, got 10 at 1.",
    ],
  ])("say what they want, what they got and what to do (%#)", (call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(new Error(message).message);
    try {
      call();
    } catch (error) {
      expect((error as Error).message).toBe(message);
    }
  });

  it("describe a value in a few words", () => {
    expect(["x".repeat(99), [1, [2]], new Array(9), new Map(), null, Math.max, new Uint8Array(3)].map(words)).toEqual([
      `"${"x".repeat(57)}..."`,
      "[1, [2]]",
      "an array of 9",
      "an object (Map)",
      "null",
      "the function max",
      "a Uint8Array of 3 bytes",
    ]);
  });
});
