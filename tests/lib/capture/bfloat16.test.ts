import { describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { precisionHere } from "../../../lib/src/capture/bfloat16";
import { tf } from "../../../lib/src/tensorflow";

describe("precisionHere()", () => {
  const on = (kind: string, processor: string) => precisionHere("bfloat16", { kind, processor });

  it("lets products run in bfloat16 where the device multiplies in it", () => {
    expect(on("cpu", "flags : fpu avx2 avx512f avx512_bf16 avx512_vnni")).toBe("bfloat16");
    expect(on("cpu", "flags : fpu avx512f amx_bf16")).toBe("bfloat16");
    expect(on("gpu", "")).toBe("bfloat16");
  });

  it("keeps float32 on other processors, and where nothing else was asked for", () => {
    expect(on("cpu", "flags : fpu avx2 fma avx512f avx512_vnni")).toBe("float32");
    expect(on("cpu", "")).toBe("float32");
    expect(precisionHere("float32", { kind: "gpu" })).toBe("float32");
  });

  it("is what a compiled step says of itself, and computes in", () => {
    const step = compile((x: tf.Tensor2D) => tf.matMul(x, x), { precision: "bfloat16" });
    const x = tf.randomNormal([8, 8], 0, 1, "float32", 1) as tf.Tensor2D;
    tf.dispose(step(x));
    const here = precisionHere("bfloat16");
    expect(step.stats().precision).toBe(here);
    expect(step.graph().some(({ dtype }) => dtype === "bfloat16")).toBe(here === "bfloat16");
    step.dispose();
    x.dispose();
  });
});
