import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Failure } from "../../../kernel-setup/src/setup/failure";
import { Progress } from "../../../kernel-setup/src/setup/progress";
import { type Step, doSteps, isDone } from "../../../kernel-setup/src/setup/step";
import { temporaryFolder, write } from "../sandbox";

let folder: string;
let said: string;
const progress = new Progress({ write: (text) => (said += text) });
beforeEach(() => {
  folder = temporaryFolder();
  said = "";
});

/** A step that makes one file from a text. */
const step = (name: string, input: () => string, make?: () => Promise<string | void>): Step => ({
  title: name,
  stamp: join(folder, `${name}.stamp`),
  inputs: input,
  present: () => existsSync(join(folder, name)),
  make: make ?? (() => Promise.resolve(write(folder, { [name]: input() }))),
});

describe("doSteps", () => {
  it("does what is missing, says each step in a line with its time, and does nothing the second time", async () => {
    const steps = [
      step("a", () => "1"),
      step(
        "b",
        () => "1",
        () => Promise.resolve(void write(folder, { b: "" })),
      ),
    ];
    expect(await doSteps(steps, progress)).toBe(2);
    expect(said).toMatch(/^ {2}a … \d+\.\d s\n {2}b … \d+\.\d s\n$/);
    expect(await doSteps(steps, progress)).toBe(0);
  });

  it("does again only the step whose inputs changed", async () => {
    let lock = "1";
    const steps = [step("a", () => lock), step("b", () => "1")];
    await doSteps(steps, progress);
    lock = "2";
    expect(steps.map(isDone)).toEqual([false, true]);
    expect(await doSteps(steps, progress)).toBe(1);
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("2");
  });

  it("does a step again whose result is gone", async () => {
    const steps = [step("a", () => "1")];
    await doSteps(steps, progress);
    rmSync(join(folder, "a"));
    expect(await doSteps(steps, progress)).toBe(1);
  });

  it("picks up where a failure stopped it, and takes nothing half-made for made", async () => {
    let broken = true;
    const half = step(
      "half",
      () => "1",
      () => {
        write(folder, { half: broken ? "ha" : "half" });
        return broken ? Promise.reject(new Failure("it failed", "a reason", "a remedy")) : Promise.resolve();
      },
    );
    const steps = [step("first", () => "1"), half, step("last", () => "1")];
    await expect(doSteps(steps, progress)).rejects.toThrow("it failed: a reason");
    expect(steps.map(isDone)).toEqual([true, false, false]);
    expect(said).toMatch(/half … failed after \d/);
    broken = false;
    expect(await doSteps(steps, progress)).toBe(2);
    expect(readFileSync(join(folder, "half"), "utf8")).toBe("half");
  });

  it("forgets the old result before it works on a new one", async () => {
    let input = "1";
    const steps = [step("a", () => input)];
    await doSteps(steps, progress);
    input = "2";
    const cut = step(
      "a",
      () => input,
      () => Promise.reject(new Failure("cut off", "", "")),
    );
    await expect(doSteps([cut], progress)).rejects.toThrow();
    input = "1";
    // Nobody knows how far the second run came, so the first run's stamp must not count for what it left.
    expect(isDone(steps[0])).toBe(false);
  });
});
