import type { BrowserContext, Page } from "playwright-core";
import type { Output } from "../../kernel-setup/src/notebooks/outputs";
import type { Lab } from "./lab";

/** As much of JupyterLab's application object as is read here. */
interface LabWindow {
  jupyterapp?: {
    shell: {
      currentWidget: {
        content: {
          model: { toJSON(): { cells: { cell_type: string; source: string; outputs?: Output[] }[] } };
          widgets: LabCell[];
        };
        sessionContext: { session: { kernel: { status: string } | null } | null };
      } | null;
    };
  };
}
interface LabCell {
  model: { type: string; executionCount: number | null; executionState?: string; sharedModel: { getSource(): string } };
}

/** As much of the page as is read here: the tests are compiled without the types of browsers. */
interface ChartElement {
  width: number;
  height: number;
  querySelectorAll(selector: string): { length: number };
  scrollIntoView(options: { block: "center" }): void;
  getBoundingClientRect(): { width: number; height: number };
  /** Only a canvas has it. */
  getContext?(kind: "2d"): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } };
}
declare const window: LabWindow;
declare const document: { querySelectorAll(selector: string): Iterable<ChartElement> };

const chartSelector = ".jp-Notebook .vega-embed :is(svg.marks, canvas.marks)";

export interface DrawnChart {
  /** Shapes drawn by the marks of the chart: axes, legends and titles are none. */
  marks: number;
  width: number;
  height: number;
}

/** A notebook open in JupyterLab, used as a person does: by its menus, buttons and keys. */
export class NotebookPage {
  private constructor(readonly page: Page) {}

  static async open(browser: BrowserContext, lab: Lab, notebook: string): Promise<NotebookPage> {
    const page = await browser.newPage();
    await page.goto(lab.address(notebook));
    const opened = new NotebookPage(page);
    await page.waitForFunction(
      () => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle",
    );
    return opened;
  }

  /** "Run All Cells" of the Run menu. */
  async runAll(): Promise<void> {
    await this.page.locator(".lm-MenuBar-item", { hasText: /^Run$/ }).click();
    await this.page.locator(".lm-Menu-itemLabel", { hasText: /^Run All Cells$/ }).click();
  }

  /** Selects a cell, counted from 0, and presses Control-Enter in it. */
  async runCell(index: number): Promise<void> {
    await this.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".cm-content").click();
    await this.page.keyboard.press("Control+Enter");
  }

  /** The button in the toolbar. */
  async stop(): Promise<void> {
    await this.page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  }

  /** Resolves when every code cell has run, or one has failed and the rest is dropped, and the kernel has nothing left to do. */
  async finished(timeout: number): Promise<void> {
    await this.page.waitForFunction(
      () => {
        const widget = window.jupyterapp!.shell.currentWidget!;
        const cells = widget.content.widgets.filter(
          ({ model }) => model.type === "code" && model.sharedModel.getSource().trim(),
        );
        const ran = cells.every(({ model }) => model.executionCount !== null && model.executionState !== "running");
        const failed = widget.content.model
          .toJSON()
          .cells.some(({ outputs }) => outputs?.some(({ output_type }) => output_type === "error"));
        return (ran || failed) && widget.sessionContext.session?.kernel?.status === "idle";
      },
      undefined,
      { timeout },
    );
  }

  /** Resolves when a cell, counted from 0, has ended. */
  async cellFinished(index: number, timeout: number): Promise<void> {
    await this.page.waitForFunction(
      (at) => {
        const widget = window.jupyterapp!.shell.currentWidget!;
        const { model } = widget.content.widgets[at];
        const idle = widget.sessionContext.session?.kernel?.status === "idle";
        return idle && model.executionCount !== null && model.executionState !== "running";
      },
      index,
      { timeout },
    );
  }

  /** Outputs of each cell, as JupyterLab would save them. */
  outputs(): Promise<Output[][]> {
    return this.page.evaluate(() => {
      const widget = window.jupyterapp!.shell.currentWidget!;
      return widget.content.model.toJSON().cells.map(({ outputs }) => outputs ?? []);
    });
  }

  /** What is drawn, once each of `count` charts has at least one mark. */
  async charts(count: number, timeout: number): Promise<DrawnChart[]> {
    await this.page.waitForFunction(
      ([selector, wanted]) => [...document.querySelectorAll(selector)].length >= wanted,
      [chartSelector, count] as const,
      { timeout },
    );
    return this.page.evaluate(
      (selector) =>
        [...document.querySelectorAll(selector)].map((chart) => {
          const { width, height } = chart.getBoundingClientRect();
          return { marks: countMarks(chart), width, height };

          function countMarks(drawn: ChartElement): number {
            if (!drawn.getContext)
              return drawn.querySelectorAll(".role-mark :is(path, image, text, rect, line)").length;
            // A canvas keeps no shapes; the number of its colours tells a chart from an empty frame.
            const { data } = drawn.getContext("2d").getImageData(0, 0, drawn.width, drawn.height);
            const colours = new Set<number>();
            for (let i = 0; i < data.length; i += 4) {
              const [red, green, blue] = [data[i], data[i + 1], data[i + 2]];
              const grey = Math.max(red, green, blue) - Math.min(red, green, blue) <= 40;
              if (!grey) colours.add((red << 16) | (green << 8) | blue);
            }
            return colours.size;
          }
        }),
      chartSelector,
    );
  }

  /** The window with a chart, counted from 0, in the middle of it. */
  async picture(path: string, chart: number): Promise<void> {
    await this.page
      .locator(chartSelector)
      .nth(chart)
      .evaluate((drawn: ChartElement) => drawn.scrollIntoView({ block: "center" }));
    await this.page.screenshot({ path });
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}
