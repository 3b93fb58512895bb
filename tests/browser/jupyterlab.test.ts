import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { storedCharts } from "../../kernel-setup/src/notebooks/charts";
import { isCode, readNotebook, writeNotebook, type Notebook } from "../../kernel-setup/src/notebooks/notebook";
import type { RichOutput } from "../../kernel-setup/src/notebooks/outputs";
import { chromiumPath, startChromium } from "./chromium";
import { root, startLab, type Lab } from "./lab";
import { NotebookPage } from "./notebook-page";

const minutes = 60_000;

/**
 * Where the picture of the first lesson goes, by default to a folder that git ignores. Set it to renew the README's: the
 * lesson then runs in full.
 *
 * `NABLAB_SCREENSHOT=notebooks/jupyterlab.png npx vitest run --config tests/vitest.config.ts --project browser`
 */
const picture = process.env.NABLAB_SCREENSHOT;

/** The chart to be seen on the picture: the first that draws a line over epochs. */
function learningCurve(charts: RichOutput[]): number {
  const specs = charts.map(({ data }) => JSON.stringify(data["application/vnd.vegalite.v5+json"]));
  return Math.max(
    0,
    specs.findIndex((spec) => /"(mark|type)":"line"/.test(spec) && spec.includes('"epoch"')),
  );
}

/**
 * Notebooks lie inside the repository, so that the kernel finds `nablab` as it does from `notebooks/`, and in a folder
 * that git ignores, so that nothing that a test saves ends in a commit.
 */
function copyNotebooks(): string {
  mkdirSync(join(root, ".nablab"), { recursive: true });
  const folder = mkdtempSync(join(root, ".nablab/browser-"));
  cpSync(join(root, "notebooks"), folder, { recursive: true, filter: (path) => !path.includes(".ipynb_checkpoints") });
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ipynb"))) {
    const notebook = readNotebook(join(folder, file));
    for (const cell of notebook.cells.filter(isCode)) Object.assign(cell, { outputs: [], execution_count: null });
    writeNotebook(notebook);
  }
  return folder;
}

function writeCells(path: string, ...sources: string[]): void {
  const kernelspec = { name: "tslab", display_name: "TypeScript", language: "typescript" };
  const cells = sources.map((source, i) => ({
    id: `c${i}`,
    cell_type: "code" as const,
    source,
    metadata: {},
    outputs: [],
  }));
  writeNotebook({ path, cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
}

describe("JupyterLab in Chromium", () => {
  let folder: string;
  let lab: Lab;
  let browser: Awaited<ReturnType<typeof startChromium>>;
  let opened: NotebookPage | undefined;

  beforeAll(async () => {
    browser = await startChromium();
    folder = copyNotebooks();
    lab = await startLab(folder, { NABLAB_FAST: picture ? "0" : "1" });
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });
  afterAll(async () => {
    await browser?.close();
    await lab?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const open = async (notebook: string) => (opened = await NotebookPage.open(browser.context, lab, notebook));

  const limit = (picture ? 30 : 5) * minutes;
  it(
    "runs the first lesson from top to bottom, draws every chart and shows no error",
    { timeout: 2 * limit },
    async () => {
      const notebook = await open("01-eight-steps.ipynb");
      await notebook.runAll();
      await notebook.finished(limit);
      const outputs = await notebook.outputs();
      expect(outputs.flat().filter(({ output_type }) => output_type === "error")).toEqual([]);
      expect(await notebook.page.locator('.jp-OutputArea-output[data-mime-type*="error"]').count()).toBe(0);

      const published = readNotebook(join(folder, "01-eight-steps.ipynb"));
      const ran: Notebook = {
        ...published,
        cells: published.cells.map((cell, i) => ({ ...cell, outputs: outputs[i] })),
      };
      const charts = storedCharts(ran).map(({ output }) => output);
      expect(charts.length).toBeGreaterThan(0);
      const drawn = await notebook.charts(charts.length, minutes);
      expect(drawn).toHaveLength(charts.length);
      for (const chart of drawn) {
        expect(chart.marks).toBeGreaterThan(0);
        expect(Math.min(chart.width, chart.height)).toBeGreaterThan(50);
      }
      await notebook.picture(picture ?? join(root, ".nablab/jupyterlab.png"), learningCurve(charts));
    },
  );

  it("ends a running cell by its Stop button, and the kernel goes on with its variables", async () => {
    writeCells(
      join(folder, "stop.ipynb"),
      'let turns = 0;\nconsole.log("running");\nwhile (turns >= 0) {\n  turns++;\n  await new Promise((resolve) => setTimeout(resolve, 1));\n}',
      "turns > 0",
    );
    const notebook = await open("stop.ipynb");
    await notebook.runCell(0);
    await notebook.page.getByText("running", { exact: true }).last().waitFor();
    await notebook.stop();
    await notebook.cellFinished(0, minutes / 2);
    expect((await notebook.outputs())[0].at(-1)).toMatchObject({ output_type: "error", ename: "KeyboardInterrupt" });
    await notebook.runCell(1);
    await notebook.cellFinished(1, minutes / 2);
    expect((await notebook.outputs())[1]).toMatchObject([{ data: { "text/plain": "true" } }]);
  });

  it("asks for input below the cell and hands the answer on", async () => {
    writeCells(join(folder, "input.ipynb"), 'const name = await input("Your name? ");\n`Hello ${name}`');
    const notebook = await open("input.ipynb");
    await notebook.runCell(0);
    const prompt = notebook.page.locator(".jp-Stdin");
    await prompt.getByText("Your name?").waitFor();
    await prompt.locator("input").fill("Ada");
    await prompt.locator("input").press("Enter");
    await notebook.cellFinished(0, minutes / 2);
    expect((await notebook.outputs())[0].at(-1)).toMatchObject({
      output_type: "execute_result",
      data: { "text/plain": expect.stringContaining("Hello Ada") },
    });
  });
});

describe("a machine without a browser", () => {
  it("is told what to install", () => {
    expect(() => chromiumPath({ CHROMIUM_PATH: "/nowhere/chromium" })).toThrow(
      /^The browser tests need Chromium, there is none at \/nowhere\/chromium; install it \(Debian: apt-get install chromium\)/,
    );
  });
});
