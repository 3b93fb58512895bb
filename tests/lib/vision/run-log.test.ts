import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runLogs } from "../../../lib/src/vision";

const folder = mkdtempSync(join(tmpdir(), "nablab-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("runLogs", () => {
  it("reads the logs whose names start as asked, in order, and nothing else that lies there", () => {
    for (const name of ["94 seed 2", "94 seed 1", "ladder 00 lesson 06"]) {
      writeFileSync(join(folder, `${name.replaceAll(" ", "-")}.json`), JSON.stringify({ name, accuracy: 0.9 }));
    }
    writeFileSync(join(folder, "94-seed-1.safetensors"), "");
    expect(runLogs("94", { folder }).map(({ name }) => name)).toEqual(["94 seed 1", "94 seed 2"]);
  });

  it("says what to do where there are none", () => {
    expect(() => runLogs("95", { folder })).toThrow(/no log that starts with "95".*train-cifar10/s);
    expect(() => runLogs("94", { folder: join(folder, "missing") })).toThrow(/Remedy/);
  });
});
