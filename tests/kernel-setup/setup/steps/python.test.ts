import { existsSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Progress } from "../../../../kernel-setup/src/setup/progress";
import { doSteps, isDone } from "../../../../kernel-setup/src/setup/step";
import { pythonStep } from "../../../../kernel-setup/src/setup/steps/python";
import { ended, program, temporaryFolder, write } from "../../sandbox";

afterEach(() => vi.unstubAllEnvs());
const silent = new Progress({ write: () => {} });

describe("the Python environment", () => {
  it("is made in a folder with spaces and letters outside ASCII, kept, and mended when its Python is gone", async () => {
    const environment = join(temporaryFolder(), ".venv");
    const step = pythonStep(environment);
    expect(isDone(step)).toBe(false);
    expect(await doSteps([step], silent)).toBe(1);
    const python = join(environment, "bin/python");
    expect((await ended(python, ["-m", "pip", "--version"])).code).toBe(0);
    expect(await doSteps([step], silent)).toBe(0);

    for (const name of ["python", "python3"]) unlinkSync(join(environment, "bin", name));
    symlinkSync("/a/python/that/was/upgraded/away", python);
    expect(isDone(step)).toBe(false);
    expect(await doSteps([step], silent)).toBe(1);
    expect((await ended(python, ["-m", "pip", "--version"])).code).toBe(0);
  });

  it("keeps an environment that works, with all that is installed in it", async () => {
    const environment = join(temporaryFolder(), ".venv");
    const step = pythonStep(environment);
    await doSteps([step], silent);
    write(environment, { "lib/mine": "" });
    rmSync(step.stamp);
    await doSteps([step], silent);
    expect(existsSync(join(environment, "lib/mine"))).toBe(true);
  });

  it("says which package Debian keeps venv in where it is missing", async () => {
    const folder = temporaryFolder();
    const version = `printf '%s\\n' "${folder}/python3" 3 11 2 True`;
    const ensurepip = `echo "The virtual environment was not created successfully because ensurepip is not available."; exit 1`;
    program(folder, "python3", `case "$1" in -c) ${version};; *) ${ensurepip};; esac`);
    vi.stubEnv("PATH", folder);
    const step = pythonStep(join(folder, ".venv"));
    await expect(doSteps([step], silent)).rejects.toMatchObject({
      what: "Python 3.11.2 cannot make a virtual environment",
      remedy: "`sudo apt install python3.11-venv`, then run the same command again",
    });
    expect(isDone(step)).toBe(false);
  });

  it("says that the folder cannot be written where that is so", async () => {
    const folder = temporaryFolder();
    const version = `printf '%s\\n' "${folder}/python3" 3 11 2 True`;
    const refused = `echo "Error: [Errno 30] Read-only file system: '/course/.venv'" >&2; exit 1`;
    program(folder, "python3", `case "$1" in -c) ${version};; *) ${refused};; esac`);
    vi.stubEnv("PATH", folder);
    await expect(doSteps([pythonStep(join(folder, ".venv"))], silent)).rejects.toMatchObject({
      why: "this folder cannot be written",
    });
  });
});
