import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Failure } from "../../../kernel-setup/src/setup/failure";
import { lockFile, pipInstall, requireSpace } from "../../../kernel-setup/src/setup/pip";
import { Progress } from "../../../kernel-setup/src/setup/progress";
import { ended, program, root, temporaryFolder } from "../sandbox";

afterEach(() => vi.unstubAllEnvs());
const silent = new Progress({ write: () => {} });

/** An environment whose Python writes down its arguments and answers as told. */
function environment(answer: string) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "lib/python3.11/site-packages"), { recursive: true });
  program(folder, "bin/python", `echo "$@" >> "${folder}/calls"\n${answer}`);
  return { folder, calls: () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n") };
}

describe("pipInstall", () => {
  it("installs exactly the pinned files, each checked against its hash", async () => {
    const { folder, calls } = environment("");
    await pipInstall("tests", silent, { gigabytes: 0, environment: folder });
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toContain(`--no-deps --require-hashes --only-binary :all: --requirement ${lockFile("tests")}`);
  });

  it("removes first what owns the same files", async () => {
    const { folder, calls } = environment("");
    await pipInstall("tests", silent, { gigabytes: 0, environment: folder, replaces: ["tensorflow_cpu"] });
    expect(calls()[0]).toMatch(/uninstall --yes tensorflow_cpu$/);
    expect(calls()).toHaveLength(2);
  });

  it("explains what pip could not do", async () => {
    const { folder } = environment(`echo "OSError: [Errno 28] No space left on device" >&2; exit 1`);
    const failed = pipInstall("tests", silent, { gigabytes: 0, environment: folder });
    await expect(failed).rejects.toThrow(Failure);
    await expect(failed).rejects.toMatchObject({ why: "the disk is full" });
  });

  it("says that there is no network when the real pip reaches none", async () => {
    const folder = temporaryFolder();
    expect((await ended(join(root, ".venv/bin/python"), ["-m", "venv", folder])).code).toBe(0);
    // The discard port: nothing listens there.
    const nowhere = { PIP_INDEX_URL: "http://127.0.0.1:9/simple", PIP_RETRIES: "1", PIP_NO_CACHE_DIR: "1" };
    for (const [name, value] of Object.entries(nowhere)) vi.stubEnv(name, value);
    for (const name of ["PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"]) vi.stubEnv(name, undefined);
    await expect(pipInstall("compiler", silent, { gigabytes: 0, environment: folder })).rejects.toMatchObject({
      why: "the Python package index cannot be reached",
      remedy: expect.stringContaining("connect to the network") as string,
    });
  });
});

describe("requireSpace", () => {
  it("refuses to begin what would fill the disk, and says how much to free", () => {
    expect(() => requireSpace("TensorFlow could not be installed", "/course", 3, 1.2)).toThrow(
      expect.objectContaining({
        why: "they take 3 GB and /course has 1.2 GB left",
        remedy: "free 1.8 GB, then run the same command again",
      }) as Error,
    );
    expect(() => requireSpace("x", "/course", 3, 3.1)).not.toThrow();
  });

  it("looks at the real disk", () => {
    expect(() => requireSpace("x", root, 1e9)).toThrow(Failure);
  });
});

describe("kernel-setup/python", () => {
  const folder = join(root, "kernel-setup/python");
  const lists = readdirSync(folder).filter((name) => name.endsWith(".in"));

  it.each(lists)("pins %s with hashes and names no registry", (name) => {
    const text = readFileSync(join(folder, name.replace(/in$/, "txt")), "utf8");
    expect(text).not.toMatch(/:\/\/|--index|--find-links/);
    const pins = text.split(/\n(?=\S)/);
    expect(pins.filter((pin) => !/^[\w.-]+==\S+/.test(pin) || !pin.includes("--hash=sha256:"))).toEqual([]);
    // What is asked for by name and version is what is pinned.
    for (const [, wanted] of readFileSync(join(folder, name), "utf8").matchAll(/^([\w.-]+(?:\[[\w-]+\])?==[\d.]+)/gm)) {
      expect(text).toContain(wanted.replace(/\[.*\]/, ""));
    }
  });

  it("pins each package to one version across all lists, since they share an environment", () => {
    const versions = new Map<string, Set<string>>();
    for (const name of lists) {
      expect(existsSync(join(folder, name.replace(/in$/, "txt")))).toBe(true);
      for (const [, pin, version, marker] of readFileSync(join(folder, name.replace(/in$/, "txt")), "utf8").matchAll(
        /^([\w.-]+)==(\S+?)(?: ; (.*?))? \\$/gm,
      )) {
        const python = /python_full_version[^)]*/.exec(marker ?? "")?.[0] ?? "";
        const key = `${pin} ${python}`;
        versions.set(key, (versions.get(key) ?? new Set()).add(version));
      }
    }
    expect([...versions].filter(([, found]) => found.size > 1)).toEqual([]);
  });
});
