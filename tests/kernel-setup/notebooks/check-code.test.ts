import { describe, expect, it } from "vitest";
import { codeProblems } from "../../../kernel-setup/src/notebooks/check-code";
import { describe as describeProblem } from "../../../kernel-setup/src/notebooks/program";
import { lesson, notebookOf } from "./fixture";

const problems = (...sources: string[]) => codeProblems([notebookOf(...sources)]).map(describeProblem);

describe("the types of a notebook's cells", () => {
  it("are right where a later cell declares a name again, changes a variable and waits at its top", () => {
    expect(
      problems(
        'import { join } from "node:path";\nlet total = 1;\nconst name: string = join("a", "b");\ninterface Point { x: number }',
        'import { join, sep } from "node:path";\nconst name: number = await Promise.resolve(3);\ntotal = name + sep.length;',
        "const point: Point = { x: total + name };\njoin(String(point.x));",
        'interface Point { y: number }\nconst point: Point = { y: 1 };\nconst asked: string = await input("name? ");\nvoid asked; void point;',
      ),
    ).toEqual([]);
  });

  it("are those of the library and of tslab", () => {
    expect(problems('import * as tslab from "tslab";\ntslab.display.html("<p>hi</p>");')).toEqual([]);
    expect(problems('import { tf } from "nablab";\nconst x: tf.Tensor2D = tf.tensor2d([[1]]);\nx.print();')).toEqual(
      [],
    );
    expect(problems('import { tf } from "nablab";\nconst x: tf.Tensor2D = tf.tensor1d([1]);\nx.print();')).toEqual([
      expect.stringMatching(/^99-test\.ipynb, cell 1, line 2: Type 'Tensor1D'/),
    ]);
  });

  it("are checked strictly, with notebook, cell and line", () => {
    expect(problems("const fine = 1;", "\nconst empty: string = null;\nconst f = (x) => x;")).toEqual([
      expect.stringMatching(/^99-test\.ipynb, cell 2, line 2: Type 'null'.*TS2322/),
      expect.stringMatching(/^99-test\.ipynb, cell 2, line 3: Parameter 'x' implicitly.*TS7006/),
    ]);
  });

  it("keep their lines below an import of several lines", () => {
    expect(
      problems('import {\n  join,\n  sep,\n} from "node:path";\nconst empty: string = null;\njoin(empty, sep);'),
    ).toEqual([expect.stringMatching(/cell 1, line 5: Type 'null'/)]);
  });

  it("do not let a cell use what only a later cell declares", () => {
    expect(problems("console.log(late);", "const late = 1;\nvoid late;")).toEqual([
      expect.stringMatching(/cell 1, line 1: Cannot find name 'late'/),
    ]);
  });

  it("name a syntax error by its own cell, though braces would swallow the next", () => {
    expect(problems("const a = {", "const b = 1;")).toEqual([expect.stringMatching(/cell 1, line 1: '}' expected/)]);
  });

  it("refuse one name for two imports", () => {
    expect(
      problems('import { join } from "node:path";\njoin("a");', 'import { join } from "node:path/posix";\njoin("a");'),
    ).toEqual([expect.stringMatching(/cell 2, line 1: `join` is taken: 99-test\.ipynb, cell 1/)]);
  });

  it("hold for the solutions too", () => {
    const solution =
      "<details><summary>Solution</summary>\n\n```ts\nconst median = (values: number[]): string => 'no';\n```\n\n</details>";
    expect(codeProblems([lesson()])).toEqual([]);
    expect(
      codeProblems([lesson({ "cell-12": solution })])
        .map(describeProblem)
        .join("\n"),
    ).toMatch(/^lesson\.ipynb, cell \d+, line \d+: with the solutions in place: /);
  });
});

describe("promises in cells", () => {
  it("are refused where nobody awaits them, in the last line too", () => {
    expect(problems("const work = async () => 1;\nawait work();", "\nwork();")).toEqual([
      expect.stringMatching(/^99-test\.ipynb, cell 2, line 2: Promises must be awaited/),
    ]);
  });

  it("are refused as a condition and where there is none to await", () => {
    expect(problems("const work = async () => true;\nif (work()) console.log(1);\nawait 3;")).toEqual([
      expect.stringMatching(/cell 1, line 2: This condition will always return true/),
      expect.stringMatching(/cell 1, line 2: Expected non-Promise value/),
      expect.stringMatching(/cell 1, line 3: Unexpected `await`/),
    ]);
  });
});
