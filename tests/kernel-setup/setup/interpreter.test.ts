import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findInterpreter } from "../../../kernel-setup/src/setup/interpreter";
import { program, temporaryFolder } from "../sandbox";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv("PATH", folder);
});
afterEach(() => vi.unstubAllEnvs());

/** A Python that answers only the question which one it is. */
const python = (name: string, version: string, wide = "True") =>
  program(folder, name, `printf '%s\\n' /where/${name} ${version.replaceAll(".", " ")} ${wide}`);

describe("findInterpreter", () => {
  it("takes python3 where its version fits", async () => {
    python("python3", "3.11.2");
    python("python3.13", "3.13.0");
    expect(await findInterpreter()).toEqual({ path: "/where/python3", version: "3.11.2" });
  });

  it("takes the newest other Python where python3 is too new for the TensorFlow wheel", async () => {
    python("python3", "3.14.1");
    python("python3.10", "3.10.13");
    python("python3.12", "3.12.1");
    expect(await findInterpreter()).toEqual({ path: "/where/python3.12", version: "3.12.1" });
  });

  it("passes over a program that is there and does not run, as pyenv's shims do", async () => {
    program(folder, "python3", `echo "pyenv: python3: command not found" >&2; exit 127`);
    python("python3.10", "3.10.13");
    expect((await findInterpreter()).version).toBe("3.10.13");
  });

  it("says that there is no Python", async () => {
    await expect(findInterpreter()).rejects.toMatchObject({
      what: "no Python was found",
      why: "TensorFlow 2.21 and JupyterLab need Python 3.10 to 3.13, 64 bit",
      remedy: expect.stringContaining("install one") as string,
    });
  });

  it.each([
    ["3.14.0", "True", "Python 3.14.0 does not fit"],
    ["3.9.18", "True", "Python 3.9.18 does not fit"],
    ["3.11.2", "False", "Python 3.11.2 (32 bit) does not fit"],
  ])("says why Python %s (wide: %s) does not do", async (version, wide, what) => {
    python("python3", version, wide);
    await expect(findInterpreter()).rejects.toMatchObject({ what });
  });
});
