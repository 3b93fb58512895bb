import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Progress } from "../../../../kernel-setup/src/setup/progress";
import { doSteps, isDone } from "../../../../kernel-setup/src/setup/step";
import { kernelspecFile, kernelspecStep } from "../../../../kernel-setup/src/setup/steps/kernelspec";
import { temporaryFolder } from "../../sandbox";

describe("the kernelspec step", () => {
  it("writes the spec once, for the Node that runs, and again when it is gone", async () => {
    const environment = temporaryFolder();
    const step = kernelspecStep(environment);
    const silent = new Progress({ write: () => {} });
    expect(await doSteps([step], silent)).toBe(1);
    const { argv } = JSON.parse(readFileSync(kernelspecFile(environment), "utf8")) as { argv: string[] };
    expect(argv[0]).toBe(process.execPath);
    expect(isDone(step)).toBe(true);
    rmSync(kernelspecFile(environment));
    expect(isDone(step)).toBe(false);
  });
});
