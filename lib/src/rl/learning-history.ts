import { inspect } from "node:util";

/** One turn of learning: acting, then an update. */
export interface LearningRow {
  /** Steps in all environments so far. */
  step: number;
  /** Episodes ended so far. */
  episodes: number;
  seconds: number;
  /** Mean over the last 100 episodes; undefined until one has ended. */
  meanReturn?: number;
  meanLength?: number;
  /** What the update measured: losses, entropy, … */
  [measure: string]: number | undefined;
}

/** An episode that ended, and when. */
export interface EpisodeRow {
  /** Steps in all environments so far. */
  step: number;
  return: number;
  length: number;
}

/** Why learning ended. */
export type LearningStopped = "steps" | "solved" | "interrupt";

/** Episodes that the mean return is taken over, as Gymnasium's thresholds have it. */
const RECENT = 100;

/** How learning went, as rows for charts. */
export class LearningHistory {
  /** One row a turn. */
  readonly rows: LearningRow[] = [];
  /** One row an episode. */
  readonly episodes: EpisodeRow[] = [];
  /** Why learning ended; undefined while it runs. */
  stopped: LearningStopped | undefined;

  /** Mean return and length of the last 100 episodes; empty until one has ended. */
  recent(): { meanReturn?: number; meanLength?: number } {
    const last = this.episodes.slice(-RECENT);
    if (last.length === 0) return {};
    const mean = (name: "return" | "length") => last.reduce((sum, row) => sum + row[name], 0) / last.length;
    return { meanReturn: mean("return"), meanLength: mean("length") };
  }

  /** Whether the mean return of the last 100 episodes has reached a number. */
  reached(wanted: number): boolean {
    return this.episodes.length >= RECENT && this.recent().meanReturn! >= wanted;
  }

  toString(): string {
    const row = this.rows[this.rows.length - 1];
    if (!row) return "no turn done";
    const why = { steps: "all steps done", solved: "solved", interrupt: "interrupted", running: "running" };
    const means = row.meanReturn === undefined ? "" : `, mean return ${Number(row.meanReturn.toPrecision(4))}`;
    const end = why[this.stopped ?? "running"];
    return `${row.step} steps, ${row.episodes} episodes in ${row.seconds.toFixed(1)} s, ${end}${means}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
