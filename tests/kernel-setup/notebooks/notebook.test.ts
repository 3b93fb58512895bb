import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  codeCells,
  formatNotebook,
  hashCells,
  readNotebook,
  writeNotebook,
} from "../../../kernel-setup/src/notebooks/notebook";
import { lesson, lessonPath, notebookOf, root } from "./fixture";

describe("a notebook as a file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nablab-notebook-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is written byte for byte as Jupyter's own nbformat writes it", () => {
    const notebook = lesson();
    const [code] = codeCells(notebook);
    code.outputs = [
      { output_type: "stream", name: "stdout", text: "one\ntwo\n\nβ" },
      {
        output_type: "display_data",
        data: { "text/plain": "a\nb", "image/png": "aGk=", "application/json": { b: [1], a: {} } },
        metadata: {},
      },
      { output_type: "execute_result", data: { "text/html": "<p>é</p>" }, metadata: {}, execution_count: 1 },
      { output_type: "error", ename: "Error", evalue: "no", traceback: ["at\nhere"] },
    ];
    const path = join(folder, "n.ipynb");
    writeNotebook({ ...notebook, path });
    const rewrite =
      "import sys, nbformat; n = nbformat.read(sys.argv[1], 4); nbformat.validate(n); nbformat.write(n, sys.argv[1])";
    const ours = readFileSync(path, "utf8");
    execFileSync(join(root, ".venv/bin/python"), ["-c", rewrite, path]);
    expect(ours).toBe(readFileSync(path, "utf8"));
  });

  it("comes back as it was written", () => {
    const notebook = lesson();
    const path = join(folder, "n.ipynb");
    writeNotebook({ ...notebook, path });
    expect(readNotebook(path)).toEqual({ ...notebook, path });
    expect(formatNotebook(readNotebook(lessonPath))).toBe(readFileSync(lessonPath, "utf8"));
  });

  it("leaves what was there and nothing else when it cannot be written", () => {
    const path = join(folder, "n.ipynb");
    mkdirSync(join(path, "in the way"), { recursive: true });
    expect(() => writeNotebook({ ...notebookOf("1"), path })).toThrow(/rename/);
    expect(readdirSync(folder)).toEqual(["n.ipynb"]);
    expect(readdirSync(path)).toEqual(["in the way"]);
  });

  it("says what is no notebook", () => {
    const path = join(folder, "n.ipynb");
    for (const text of ["{", "{}", '{"nbformat": 3, "worksheets": []}']) {
      writeFileSync(path, text);
      expect(() => readNotebook(path)).toThrow(/^readNotebook\(\) .*n\.ipynb/);
    }
  });
});

describe("the hash of the cells", () => {
  it("changes with the code, also when a line moves to the next cell", () => {
    const hashes = [
      notebookOf("a", "b"),
      notebookOf("ab"),
      notebookOf("a", "c"),
      notebookOf("b", "a"),
      notebookOf("a\nb"),
    ].map(hashCells);
    expect(new Set(hashes).size).toBe(5);
  });

  it("does not change with prose, outputs or empty cells", () => {
    const other = lesson({ "cell-1": "# Other words" });
    codeCells(other)[0].outputs = [];
    other.cells.push({ ...notebookOf(" ").cells[0] });
    expect(hashCells(other)).toBe(hashCells(lesson()));
  });
});
