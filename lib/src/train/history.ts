import { inspect } from "node:util";

/** One epoch of training. Loss and metrics are means over the epoch's examples, taken before each step's update. */
export interface HistoryRow {
  /** From 1 up. */
  epoch: number;
  /** Steps taken in all, at the end of this epoch. */
  step: number;
  /** Seconds of training so far, validation included. */
  seconds: number;
  loss: number;
  valLoss?: number;
  accuracy?: number;
  valAccuracy?: number;
  learningRate?: number;
  [metric: string]: number | undefined;
}

/** One step of training. */
export interface StepRow {
  /** From 1 up, over all epochs. */
  step: number;
  /** How many epochs are done, as a fraction: for curves that share an axis with `HistoryRow.epoch`. */
  epoch: number;
  loss: number;
  [metric: string]: number;
}

/** Why training ended. */
export type Stopped = "epochs" | "converged" | "earlyStopping" | "interrupt";

/** What `fit` returns: what happened, as rows for charts. In a notebook it shows itself as a table. */
export class History {
  /** One row an epoch. After an interrupt the last row is the part of an epoch that was done. */
  readonly rows: HistoryRow[] = [];
  /** One row a step. */
  readonly steps: StepRow[] = [];
  /** Why training ended; undefined while it runs, as `onEpochEnd` and `onUpdate` see it. */
  stopped: Stopped | undefined;
  /** What fast mode shortened, in words; undefined in a full run. */
  shortened: string | undefined;

  /** The last row. @throws RangeError where not one step was done */
  get last(): HistoryRow {
    const row = this.rows[this.rows.length - 1];
    if (!row) throw new RangeError("history.last: there is no row, because training ended before its first step.");
    return row;
  }

  /** Seconds of training in all. */
  get seconds(): number {
    return this.rows.length > 0 ? this.last.seconds : 0;
  }

  toString(): string {
    if (this.rows.length === 0) return "no epoch done";
    const { epoch, step } = this.last;
    const why = {
      epochs: "all epochs done",
      converged: "converged",
      earlyStopping: "stopped early",
      interrupt: "interrupted",
      running: "running",
    }[this.stopped ?? "running"];
    const numbers = measures(this.rows).map((name) => `${name} ${digits(this.last[name])}`);
    const count = `${epoch} ${epoch === 1 ? "epoch" : "epochs"}, ${step} steps`;
    return [`${count} in ${this.seconds.toFixed(1)} s, ${why}`, ...numbers, this.shortened].filter(Boolean).join(", ");
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const columns = ["epoch", "step", ...measures(this.rows), "seconds"];
    const cell = (row: HistoryRow, name: string) => (name === "seconds" ? row.seconds.toFixed(1) : digits(row[name]));
    const tag = (name: string, cells: string[]) =>
      `<tr>${cells.map((text) => `<${name}>${text}</${name}>`).join("")}</tr>`;
    const body = this.rows
      .map((row) =>
        tag(
          "td",
          columns.map((name) => cell(row, name)),
        ),
      )
      .join("");
    const head = `<thead>${tag("th", columns)}</thead>`;
    return {
      "text/plain": this.toString(),
      "text/html": `<table>${head}<tbody>${body}</tbody></table><p>${this.toString()}</p>`,
    };
  }
}

/** The columns that training measured, in the order of their first row. */
function measures(rows: HistoryRow[]): string[] {
  const fixed = ["epoch", "step", "seconds", "learningRate"];
  return [...new Set(rows.flatMap(Object.keys))].filter((name) => !fixed.includes(name));
}

/** Four significant digits; integers as they are. */
function digits(value: number | undefined): string {
  if (value === undefined) return "";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
