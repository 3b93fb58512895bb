import { describe, expect, it } from "vitest";
import {
  brokenTags,
  claimProblems,
  duration,
  fillClaims,
  readClaims,
} from "../../../kernel-setup/src/notebooks/claims";
import { resultsType } from "../../../kernel-setup/src/notebooks/results";
import { cellOf, lesson } from "./fixture";

const run = { cells: "", seconds: 185, device: "CPU, TensorFlow 2.21" };
const results = [
  { name: "test accuracy", value: 97.94, unit: "%", spread: 0.123, n: 3, device: "CPU" },
  { name: "digits", value: 60000 },
  { name: "change", value: -0.00123 },
];

const page = (text: string) => {
  const notebook = lesson({ "cell-1": text });
  const data = { [resultsType]: results };
  cellOf(notebook, "cell-14").outputs = [{ output_type: "display_data", data, metadata: {} }];
  return Object.assign(notebook, { metadata: { nablab: run } });
};

const filled = (text: string): string => {
  const notebook = page(text);
  fillClaims(notebook, run);
  expect(claimProblems(notebook)).toEqual([]);
  return notebook.cells[0].source.replace(/<!--.*?-->/g, "");
};

describe("numbers in the prose", () => {
  it("become the measured ones, with the decimals and words that the text has", () => {
    expect(filled("<!-- nablab:result test accuracy -->0.0 %<!-- /--> right")).toBe("97.9 % right");
    expect(
      filled("*<!--nablab:result test accuracy-->50%<!--/-->*, <!-- nablab:result digits -->1,000 digits<!-- /-->"),
    ).toBe("*98%*, 60,000 digits");
    expect(
      filled(
        "± <!-- nablab:result test accuracy | spread -->1.00<!-- /--> over <!-- nablab:result test accuracy | n -->1<!-- /--> seeds",
      ),
    ).toBe("± 0.12 over 3 seeds");
    expect(filled("<!-- nablab:result change -->1.0e-1<!-- /-->")).toBe("-1.2e-3");
  });

  it("say how long the run took and on what", () => {
    expect(filled("<!-- nablab:run seconds -->?<!-- /--> on <!-- nablab:run device -->?<!-- /-->")).toBe(
      "3 min 5 s on CPU, TensorFlow 2.21",
    );
    expect([0.2, 59.4, 60, 119.7].map(duration)).toEqual(["1 s", "59 s", "1 min 0 s", "2 min 0 s"]);
  });

  it("are refused when they differ from what was measured", () => {
    expect(claimProblems(page("<!-- nablab:result test accuracy -->98.0 %<!-- /-->"))).toEqual([
      'lesson.ipynb, cell 1 claims "98.0 %", measured is "97.9 %"',
    ]);
    expect(claimProblems(page("<!-- nablab:result test accuracy -->97.9 %<!-- /-->"))).toEqual([]);
  });

  it("are refused when they stand for nothing, and then left as they are", () => {
    const notebook = page(
      "<!-- nablab:result accuracy -->1 %<!-- /--> <!-- nablab:result digits | spread -->2<!-- /-->",
    );
    const before = notebook.cells[0].source;
    fillClaims(notebook, run);
    expect(notebook.cells[0].source).toBe(before);
    expect(claimProblems(notebook)).toEqual([
      expect.stringContaining('0 results named "accuracy"; there are: "test accuracy"'),
      expect.stringContaining('the result "digits" has no "spread"'),
    ]);
  });

  it("are refused when their tag is broken", () => {
    for (const text of ["<!-- nablab:result digits -->1", "<!-- nablab:results digits -->1<!-- /-->"]) {
      expect(brokenTags(page(text))).toHaveLength(1);
      expect(claimProblems(page(text))).toEqual(brokenTags(page(text)));
      expect(readClaims(page(text))).toEqual([]);
    }
  });
});
