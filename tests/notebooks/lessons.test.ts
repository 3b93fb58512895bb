import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { chartProblems, storedCharts } from "../../kernel-setup/src/notebooks/charts";
import { codeProblems } from "../../kernel-setup/src/notebooks/check-code";
import { claimProblems } from "../../kernel-setup/src/notebooks/claims";
import { readExercises, reportedState } from "../../kernel-setup/src/notebooks/exercises";
import {
  codeCells,
  hashCells,
  nameOf,
  place,
  readNotebook,
  type Notebook,
} from "../../kernel-setup/src/notebooks/notebook";
import { describe as describeProblem, type Problem } from "../../kernel-setup/src/notebooks/program";
import { rehearse } from "../../kernel-setup/src/notebooks/rehearse";
import { bandProblems, storedResults } from "../../kernel-setup/src/notebooks/results";
import { rhythmProblems } from "../../kernel-setup/src/notebooks/rhythm";

const root = join(__dirname, "../..");
const folder = join(root, "notebooks");

/** Seconds that a notebook may take in fast mode, its exercises with all their answers included. */
const fastLimit = 420;

/** Lessons that claim of two ways which is the faster one, also in fast mode: these run alone, the others by twos. */
const comparesTimes = ["02-backprop-by-hand", "03-backprop-in-tensors", "90-graph-speed"];

const lessons: Notebook[] = readdirSync(folder)
  .filter((file) => file.endsWith(".ipynb"))
  .sort()
  .map((file) => readNotebook(join(folder, file)));
const named = lessons.map((lesson) => [nameOf(lesson), lesson] as const);

describe("the lessons", () => {
  it("are there, each with a number of its own in reading order from 00", () => {
    const names = lessons.map(nameOf);
    // Chapters begin at round numbers, so that a lesson can join one without renaming the rest.
    expect(names.filter((name) => !/^\d\d-[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
    expect(new Set(names.map((name) => name.slice(0, 2))).size).toBe(names.length);
    expect(names.slice(0, 2)).toEqual(["00-welcome", "01-eight-steps"]);
  });

  it("link to pages that are there", () => {
    const links = lessons.flatMap((lesson) =>
      lesson.cells
        .filter(({ cell_type }) => cell_type === "markdown")
        .flatMap(({ source }) => [...source.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, to]) => ({ lesson, to })))
        .filter(({ to }) => !/^[a-z]+:/.test(to)),
    );
    const dead = links.filter(({ to }) => !existsSync(join(folder, to)));
    expect(dead.map(({ lesson, to }) => `${nameOf(lesson)} links to ${to}`)).toEqual([]);
  });

  it("give every exercise an id of its own, by which its progress is remembered", () => {
    const ids = lessons.flatMap((lesson) => readExercises(lesson).exercises.map(({ id }) => id));
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  describe("as code", () => {
    let problems: Problem[];
    beforeAll(() => {
      if (!existsSync(join(root, "lib/dist/index.d.ts"))) throw new Error("lib/dist is missing; run `npm run build`");
      problems = codeProblems(lessons);
    });
    it.each(named)("%s has strict types and awaits every promise", (_, lesson) => {
      expect(problems.filter(({ notebook }) => notebook === lesson).map(describeProblem)).toEqual([]);
    });
  });
});

describe.each(named)("%s", (_, lesson) => {
  it("says at its top what it is for, ends with what to keep, and balances prose and code", () => {
    expect(rhythmProblems(lesson)).toEqual([]);
  });

  it("has complete exercises", () => {
    expect(readExercises(lesson).problems).toEqual([]);
  });

  it("shows the outputs of a full run of just these cells", () => {
    expect(
      lesson.metadata.nablab?.cells,
      `code and outputs have drifted apart: npm run notebooks -- ${nameOf(lesson).slice(0, 2)}`,
    ).toBe(hashCells(lesson));
    const cells = codeCells(lesson);
    expect(cells.map(({ execution_count }) => execution_count)).toEqual(cells.map((_cell, i) => i + 1));
    const errors = cells.filter(({ outputs }) => outputs.some(({ output_type }) => output_type === "error"));
    expect(errors.map((cell) => place(lesson, cell))).toEqual([]);
    expect(lesson.metadata).toMatchObject({ kernelspec: { name: "tslab" }, nablab: { seconds: expect.any(Number) } });
  });

  it("shows its exercises unsolved", () => {
    const { exercises } = readExercises(lesson);
    expect(exercises.map(({ id, check }) => [id, reportedState(check.outputs, id)])).toEqual(
      exercises.map(({ id }) => [id, "untouched"]),
    );
  });

  it("has charts for JupyterLab, for other viewers and in words", () => {
    expect(storedCharts(lesson).length).toBeGreaterThan(0);
    expect(chartProblems(lesson)).toEqual([]);
  });

  it("claims what was measured, and measured what its bands allow", () => {
    expect(storedResults(lesson).length).toBeGreaterThan(0);
    expect(claimProblems(lesson)).toEqual([]);
    expect(codeCells(lesson).flatMap((cell) => bandProblems(lesson, cell, cell.outputs, "full"))).toEqual([]);
  });
});

describe("in fast mode, with stubs and wrong answers refused and solutions accepted", () => {
  const run = async (lesson: Notebook) => {
    const { problems, outputs } = await rehearse(lesson, { root, timeout: fastLimit * 1000 });
    expect(problems).toEqual([]);
    expect([...outputs.keys()]).toEqual(codeCells(lesson));
  };
  const alone = named.filter(([name]) => comparesTimes.includes(name));
  it.concurrent.each(named.filter((one) => !alone.includes(one)))("%s runs", (_, lesson) => run(lesson));
  it.each(alone)("%s runs", (_, lesson) => run(lesson));
});
