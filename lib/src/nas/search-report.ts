import { inspect } from "node:util";
import { Evaluated } from "./search";

/** How a search went. */
export class SearchReport<Genotype> {
  constructor(
    /** The best candidate; undefined while all have failed. */
    readonly best: Evaluated<Genotype> | undefined,
    /** All that were told, in the order in which the search asked for them. */
    readonly history: readonly Evaluated<Genotype>[],
    /** How many were evaluated in this run; the others were known. */
    readonly evaluated: number,
    /** Whether the search came to its end. */
    readonly stopped: "finished" | "interrupt",
    readonly seconds: number,
  ) {}

  /** How many have no score. */
  get failed(): number {
    return this.history.filter(({ failure }) => failure !== undefined).length;
  }

  toString(): string {
    const { best, history, evaluated, failed, stopped } = this;
    const known = history.length - evaluated;
    return [
      `${history.length} candidates in ${this.seconds.toFixed(1)} s, ${stopped === "finished" ? "finished" : "interrupted"}`,
      ...(known > 0 ? [`${known} known before`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      best ? `best ${Number(best.score.toPrecision(4))}: ${best.key}` : "none has a score",
    ].join(", ");
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/plain": this.toString() };
  }
}
