import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { display, inNotebook, interruptSignal, openDisplay } from "../../lib/src/display";
import { useKernel } from "./notebook";

const bundle = { "text/plain": "a chart", "text/html": "<b>a chart</b>" };

describe("in our kernel, display", () => {
  const kernel = useKernel();

  it("hands over the whole bundle with its metadata", () => {
    display(bundle, { metadata: { "text/html": { isolated: true } } });
    expect(kernel.outputs).toEqual([{ data: bundle, metadata: { "text/html": { isolated: true } } }]);
    expect(inNotebook()).toBe(true);
  });

  it("updates in place what it opened, each under an id of its own", () => {
    const first = openDisplay(bundle);
    const second = openDisplay(bundle);
    first.update({ "text/plain": "later" });
    expect(first.id).not.toBe(second.id);
    expect(kernel.outputs.map(({ displayId, update }) => [displayId, update])).toEqual([
      [first.id, undefined],
      [second.id, undefined],
      [first.id, true],
    ]);
  });

  it("refuses a bundle that text viewers could not show", () => {
    expect(() => display({ "text/html": "<b>x</b>" })).toThrow("Remedy: add a line of text");
  });

  it("passes on the Stop button", () => {
    const signal = interruptSignal();
    kernel.stop();
    expect(signal.aborted).toBe(true);
  });
});

describe("in a plain program, display", () => {
  it("prints the text, and nothing is ever interrupted", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    display(bundle);
    expect(log.mock.calls).toEqual([["a chart"]]);
    log.mockRestore();
    expect([inNotebook(), interruptSignal().aborted]).toEqual([false, false]);
  });
});

describe("on a stock tslab, display", () => {
  it("sends whole bundles through the function that tslab keeps for its own", () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-display-"));
    try {
      // A process of its own, because the way to tslab is found among the modules that are loaded.
      const program = `
        const jupyter = require("tslab/dist/jupyter");
        const sent = [];
        jupyter.lastWriteDisplayData = (content, update) => sent.push({ content, update });
        const { display, openDisplay } = require(${JSON.stringify(join(__dirname, "../../lib/dist/display.js"))});
        display(${JSON.stringify(bundle)});
        openDisplay(${JSON.stringify(bundle)}).update({ "text/plain": "b" });
        require("node:fs").writeFileSync("sent.json", JSON.stringify(sent));`;
      writeFileSync(join(folder, "program.js"), program);
      const env = { ...process.env, NODE_PATH: join(__dirname, "../../node_modules") };
      const run = spawnSync(process.execPath, ["program.js"], { cwd: folder, env, encoding: "utf8" });
      expect(run.stderr).toBe("");
      const [first, second, third] = JSON.parse(readFileSync(join(folder, "sent.json"), "utf8")) as {
        content: { data: object; transient: { display_id?: string } };
        update: boolean;
      }[];
      expect(first).toEqual({ content: { data: bundle, metadata: {}, transient: {} }, update: false });
      expect([second.update, third.update]).toEqual([false, true]);
      expect(third.content.transient.display_id).toBe(second.content.transient.display_id);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
