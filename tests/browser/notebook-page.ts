import type { BrowserContext, Page } from "playwright-core";
import type { Output } from "../../kernel-setup/src/notebooks/outputs";
import type { Lab } from "./lab";

/** As much of JupyterLab's application object as is read here. */
interface LabWindow {
  jupyterapp: {
    restored: Promise<void>;
    shell: {
      currentWidget: {
        context: { ready: Promise<void> };
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
    await page.waitForFunction(() => {
      const { jupyterapp } = window as unknown as LabWindow;
      return jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle";
    });
    return opened;
  }

  /** "Run All Cells" of the Run menu. */
  async runAll(): Promise<void> {
    await this.page.locator(".lm-MenuBar-item", { hasText: /^Run$/ }).click();
    await this.page.locator(".lm-Menu-itemLabel", { hasText: /^Run All Cells$/ }).click();
  }

  /** Selects a cell, counted from 0, and presses Shift-Enter in it. */
  async runCell(index: number): Promise<void> {
    await this.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".cm-content").click();
    await this.page.keyboard.press("Control+Enter");
  }

  /** The button in the toolbar. */
  async stop(): Promise<void> {
    await this.page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  }

  /** Resolves when every code cell up to `count` (by default all) has run and the kernel has nothing left to do. */
  async finished(timeout: number): Promise<void> {
    await this.page.waitForFunction(
      () => {
        const widget = (window as unknown as LabWindow).jupyterapp.shell.currentWidget!;
        const cells = widget.content.widgets.filter(
          ({ model }) => model.type === "code" && model.sharedModel.getSource().trim(),
        );
        const ran = cells.every(({ model }) => model.executionCount !== null && model.executionState !== "running");
        return ran && widget.sessionContext.session?.kernel?.status === "idle";
      },
      undefined,
      { timeout },
    );
  }

  /** Resolves when a cell, counted from 0, has ended. */
  async cellFinished(index: number, timeout: number): Promise<void> {
    await this.page.waitForFunction(
      (at) => {
        const widget = (window as unknown as LabWindow).jupyterapp.shell.currentWidget!;
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
      const widget = (window as unknown as LabWindow).jupyterapp.shell.currentWidget!;
      return widget.content.model.toJSON().cells.map(({ outputs }) => outputs ?? []);
    });
  }

  /** What is drawn, once each of `count` charts has at least one mark. */
  async charts(count: number, timeout: number): Promise<DrawnChart[]> {
    await this.page.waitForFunction(
      (wanted) => document.querySelectorAll(".jp-Notebook .vega-embed :is(svg.marks, canvas.marks)").length >= wanted,
      count,
      { timeout },
    );
    return this.page.evaluate(() =>
      [
        ...document.querySelectorAll<SVGElement | HTMLCanvasElement>(
          ".jp-Notebook .vega-embed :is(svg.marks, canvas.marks)",
        ),
      ].map((drawn) => {
        const { width, height } = drawn.getBoundingClientRect();
        return { marks: countMarks(drawn), width, height };

        function countMarks(chart: SVGElement | HTMLCanvasElement): number {
          if (chart instanceof SVGElement) {
            return chart.querySelectorAll(".role-mark :is(path, image, text, rect, line)").length;
          }
          const { data } = chart.getContext("2d")!.getImageData(0, 0, chart.width, chart.height);
          // Without a tree of shapes the number of different colours is what tells a chart from an empty frame.
          const colours = new Set<number>();
          for (let i = 0; i < data.length; i += 4) {
            const [red, green, blue] = [data[i], data[i + 1], data[i + 2]];
            if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40)
              colours.add((red << 16) | (green << 8) | blue);
          }
          return colours.size;
        }
      }),
    );
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}
