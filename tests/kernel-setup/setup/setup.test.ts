import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ended, mirrorClone, program, write } from "../sandbox";

/**
 * A clone whose Python is a script: it makes packages appear that pip installs, and writes down which lists it was
 * given. Its compilers fail, so that the course ends on WebAssembly.
 */
function clone() {
  const folder = mirrorClone();
  const venv = join(folder, ".venv");
  const record = (name: string) =>
    `mkdir -p "$site/${name}.dist-info" && echo "${name}.dist-info/RECORD,," > "$site/${name}.dist-info/RECORD"`;
  program(
    venv,
    "bin/python",
    `site="$(echo "${venv}"/lib/python3.*/site-packages)"
for last; do :; done
case "$*" in
  *--version*) ;;
  *" install "*) echo "$(basename "$last")" >> "${folder}/pip-calls" ;;
esac
case "$*" in
  *jupyter.txt) ${record("jupyterlab-4.6.6")} ;;
  *tensorflow-cpu.txt) if [ -e "${folder}/offline" ]; then echo "NewConnectionError" >&2; exit 1; fi; ${record("tensorflow_cpu-2.21.0")} ;;
  *compiler.txt) echo "NewConnectionError" >&2; exit 1 ;;
esac`,
  );
  const setUp = (command = "setup") => {
    const node = join(folder, "tools");
    program(node, "node", `exec "${process.execPath}" "$@"`);
    // Its compilers fail at once; the real ones behind them stay unseen, since a name is looked up once.
    for (const name of ["g++", "clang++", "c++"]) program(node, name, `echo "error: no headers" >&2; exit 1`);
    const env = { ...process.env, NABLAB_DEVICE: "cpu", PATH: `${node}:/usr/bin:/bin`, CXX: "" };
    return ended(process.execPath, [join(folder, `kernel-setup/dist/${command}.js`)], { env });
  };
  const installed = () => {
    const file = join(folder, "pip-calls");
    const lists = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    rmSync(file, { force: true });
    return lists;
  };
  return { folder, venv, setUp, installed };
}

describe("npm run setup", () => {
  it("stops where it fails, goes on there, and then has nothing to do", async () => {
    const { folder, setUp, installed } = clone();
    write(folder, { offline: "" });
    const stopped = await setUp();
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain(
      "✗ the Python packages of kernel-setup/python/tensorflow-cpu.txt could not be installed",
    );
    expect(stopped.stderr).toContain("why: the Python package index cannot be reached");
    expect(stopped.stderr.slice(stopped.stderr.indexOf("✗")).trim().split("\n")).toHaveLength(3);
    expect(installed()).toEqual(["jupyter.txt", "tensorflow-cpu.txt"]);

    rmSync(join(folder, "offline"));
    const done = await setUp();
    expect(done.code, done.stderr).toBe(0);
    expect(installed()[0]).toBe("tensorflow-cpu.txt");
    expect(existsSync(join(folder, ".nablab/setup.lock"))).toBe(false);

    expect(done.stderr).toContain("The course runs on WebAssembly: training is several times slower");

    // `npm start` asks no network again; `npm run setup` would try once more for a compiler.
    write(folder, { "kernel-setup/dist/quick.js": `require("./setup/setup.js").setUp().then(console.log);` });
    expect((await setUp("quick")).stdout.trim()).toBe("0");
    expect(installed()).toEqual([]);
  });

  it("does again just the step whose pinned list changed", async () => {
    const { folder, setUp, installed } = clone();
    await setUp();
    installed();
    const list = "kernel-setup/python/jupyter.txt";
    write(folder, { [list]: readFileSync(join(folder, list), "utf8") + "# changed\n" });
    const { stderr } = await setUp();
    expect(installed().filter((name) => name !== "compiler.txt")).toEqual(["jupyter.txt"]);
    expect(stderr).toMatch(/^ {2}JupyterLab … \d+\.\d s$/m);
    expect(stderr).not.toMatch(/Python environment|TensorFlow 2\.21|Kernel/);
  });

  it("mends Python packages that have lost files", async () => {
    const { venv, setUp, installed } = clone();
    await setUp();
    installed();
    const site = (await ended("/bin/sh", ["-c", `echo "${venv}"/lib/python3.*/site-packages`])).stdout.trim();
    rmSync(join(site, "jupyterlab-4.6.6.dist-info/RECORD"));
    await setUp();
    expect(installed()).toContain("jupyter.txt");
  });
});
