import { describe, expect, it } from "vitest";
import { fencedCode, readExercises, reportedState } from "../../../kernel-setup/src/notebooks/exercises";
import { lesson } from "./fixture";

const [task, stub, check, solution] = ["cell-9", "cell-10", "cell-11", "cell-12"];

describe("reading exercises", () => {
  it("finds the cells that belong together, the solution's code and the wrong answers", () => {
    const { exercises, problems } = readExercises(lesson());
    expect(problems).toEqual([]);
    expect(exercises).toHaveLength(1);
    expect(exercises[0]).toMatchObject({ id: "median", stub: { id: stub }, check: { id: check } });
    expect(exercises[0].solution).toMatch(/^const median[\s\S]*\/ 2;\n};$/);
    expect(exercises[0].wrong).toHaveLength(2);
  });

  it.each([
    ["difficulty", lesson({ [task]: "**Time** 5 min\n\n<details><summary>Hint</summary>Sort.</details>" })],
    ["time", lesson({ [task]: "**Difficulty** ●○○\n\n<details><summary>Hint</summary>Sort.</details>" })],
    ["hint", lesson({ [task]: "**Difficulty** ●○○ · **Time** 5 min" })],
    ["inside <details>", lesson({ [solution]: "```ts\nconst median = 1;\n```" })],
    ["```ts fence", lesson({ [solution]: "<details>no code</details>" })],
    ["wrong answer", lesson({}, { [check]: { wrong: [] } })],
    ["0 check cells", lesson({}, { [check]: { role: "stub" } })],
  ])("says when the %s is missing", (missing, notebook) => {
    const { problems } = readExercises(notebook);
    expect(problems.join("\n")).toContain(missing);
    expect(problems[0]).toMatch(/^lesson\.ipynb, cell \d+: exercise "median" /);
  });

  it("misses no exercise whose cells nobody marked", () => {
    const task = { id: "a", cell_type: "markdown" as const, source: "### Exercise 2: more\n\nWrite it.", metadata: {} };
    const check = {
      id: "b",
      cell_type: "code" as const,
      source: 'await check("more", f, { cases: [] });',
      metadata: {},
    };
    const notebook = lesson();
    const count = notebook.cells.length;
    notebook.cells.push(task, { ...check, outputs: [] } as (typeof notebook.cells)[number]);
    expect(readExercises(notebook).problems).toEqual(
      [count + 1, count + 2].map(
        (n) => `lesson.ipynb, cell ${n}: looks like a cell of an exercise, and its metadata names none`,
      ),
    );
  });

  it("wants nothing to run between an answer and its check", () => {
    const notebook = lesson();
    const [between] = notebook.cells.splice(1, 1);
    notebook.cells.splice(
      notebook.cells.findIndex(({ id }) => id === check),
      0,
      between,
    );
    expect(readExercises(notebook).problems.join()).toContain("right after it its check");
  });
});

describe("what an exercise's cells say", () => {
  it("is the code of all ts fences", () => {
    expect(fencedCode("```ts\na\n```\nand\n```typescript\nb\n```\n```sh\nc\n```")).toBe("a\nb");
  });

  it("is the last state reported under its id", () => {
    const report = (id: string, state: string) => ({
      output_type: "display_data" as const,
      data: { "application/vnd.nablab.exercise+json": { id, state } },
      metadata: {},
    });
    const outputs = [report("a", "failed"), report("b", "untouched"), report("a", "passed")];
    expect([reportedState(outputs, "a"), reportedState(outputs, "b"), reportedState(outputs, "c")]).toEqual([
      "passed",
      "untouched",
      undefined,
    ]);
  });
});
