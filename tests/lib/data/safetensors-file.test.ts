import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readSafetensors, writeSafetensors } from "../../../lib/src/data/safetensors-file";

const folder = mkdtempSync(join(tmpdir(), "safetensors-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("writes a file whole, into a folder that it makes, over the old one", () => {
  const file = join(folder, "new", "weights.safetensors");
  for (const value of [1, 2]) {
    const tensors = { x: { dtype: "F32", shape: [1], data: Float32Array.of(value) } } as const;
    writeSafetensors(file, { tensors: { x: { ...tensors.x, shape: [1] } }, metadata: { note: String(value) } });
    expect(readSafetensors(file)).toEqual({ tensors, metadata: { note: String(value) } });
  }
  expect(readdirSync(join(folder, "new"))).toEqual(["weights.safetensors"]);
});

it("says which file it cannot read", () => {
  const file = join(folder, "short");
  writeFileSync(file, "abc");
  expect(() => readSafetensors(file)).toThrow(file);
  expect(() => readSafetensors(join(folder, "nothing"))).toThrow("ENOENT");
});
