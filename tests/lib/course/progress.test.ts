import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useKernel } from "../notebook";

const kernel = useKernel();
const home = process.cwd();
let folder: string;

const task = (exercise: string, source: string) => ({
  cell_type: "markdown",
  source: source.split(/(?<=\n)/),
  metadata: { nablab: { exercise, role: "task" } },
});
const notebook = (name: string, ...cells: object[]) =>
  writeFileSync(
    join(folder, name),
    JSON.stringify({ cells: [{ cell_type: "code", source: "1", metadata: {} }, ...cells] }),
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nablab-progress-"));
  process.chdir(folder);
  vi.stubEnv("NABLAB_FAST", "0");
  notebook(
    "01-steps.ipynb",
    task("01-a", "### Softmax\n\n**Difficulty** ●●○ · **Time** 10 min"),
    task("01-b", "No heading"),
  );
  notebook("02-more.ipynb", task("02-a", "## Filters"));
});
afterEach(() => {
  process.chdir(home);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Modules as a kernel that has just started sees them: without the memory of a session. */
async function freshCourse() {
  vi.resetModules();
  return {
    ...(await import("../../../lib/src/course/progress")),
    ...(await import("../../../lib/src/course/progress-file")),
  };
}
const text = () => kernel.outputs.at(-1)!.data["text/plain"];

describe("progress", () => {
  it("lists the exercises of a lesson and which of them are done", async () => {
    const { progress, rememberPassed } = await freshCourse();
    rememberPassed("01-a");
    progress("01");
    expect(text()).toBe(
      ["1 of 2 exercises done.", "   exercise  difficulty", "✓  Softmax   ●●○", "○  01-b"].join("\n"),
    );
    rememberPassed("01-b");
    progress("01");
    expect(text()).toContain("2 of 2 exercises done: all of them.");
  });

  it("takes the notebook that is open, and else all of them", async () => {
    const { progress } = await freshCourse();
    progress();
    expect(text()).toContain("0 of 3 exercises done.");
    vi.stubEnv("JPY_SESSION_NAME", "/anywhere/02-more.ipynb");
    progress();
    expect(text()).toContain("0 of 1 exercises done.");
    expect(() => progress("07")).toThrow('no notebook that starts with "07". There are: 01-steps.ipynb, 02-more.ipynb');
  });

  it("remembers over a restart of the kernel", async () => {
    (await freshCourse()).rememberPassed("01-a");
    const { progress } = await freshCourse();
    progress("01");
    expect(text()).toContain("✓  Softmax");
  });

  it("writes nothing in a fast run, whose answers are not the learner's", async () => {
    vi.stubEnv("NABLAB_FAST", "1");
    const { rememberPassed, passedExercises } = await freshCourse();
    rememberPassed("01-a");
    expect(existsSync(join(folder, ".nablab"))).toBe(false);
    expect(passedExercises()).toHaveProperty("01-a");
  });

  it("goes on from a damaged file", async () => {
    mkdirSync(join(folder, ".nablab"));
    writeFileSync(join(folder, ".nablab/exercises.json"), "{ half");
    const { rememberPassed } = await freshCourse();
    rememberPassed("01-a");
    expect(Object.keys(JSON.parse(readFileSync(join(folder, ".nablab/exercises.json"), "utf8")) as object)).toEqual([
      "01-a",
    ]);
  });

  it("keeps to its memory where the folder can't be written", async () => {
    // A file in the place of the folder stops every user, root included.
    writeFileSync(join(folder, ".nablab"), "");
    const { rememberPassed, passedExercises } = await freshCourse();
    rememberPassed("01-a");
    expect(passedExercises()).toHaveProperty("01-a");
  });
});
