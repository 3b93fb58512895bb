import { format } from "node:util";

/** What our kernel offers to the library; absent on other kernels and in plain programs. */
interface Kernel {
  display(
    data: Record<string, unknown>,
    options?: { displayId?: string; update?: boolean; metadata?: Record<string, unknown> },
  ): void;
  readonly signal: AbortSignal;
}

const kernel = () => (globalThis as Record<symbol, unknown>)[Symbol.for("nablab.kernel")] as Kernel | undefined;

const never = new AbortController().signal;

/** The running cell's signal, aborted by the notebook's Stop button; outside our kernel one that is never aborted. */
export function interruptSignal(): AbortSignal {
  return kernel()?.signal ?? never;
}

/** How far a long job has come. */
export interface ProgressUpdate {
  /** What is being done: "training", "train-images-idx3-ubyte.gz". */
  label: string;
  /** Units done and, where known, in all. */
  done: number;
  total?: number;
  /** What is counted: "steps", "bytes". */
  unit: string;
  /** Seconds since the start. */
  seconds: number;
  /** Units a second since the start of this run. */
  rate: number;
  /** Seconds that the rest will take at this rate; undefined while unknown. */
  remaining?: number;
  /** More for the reader: "loss 0.12, accuracy 0.96". */
  detail?: string;
  /** True for the last update of this job. */
  final: boolean;
}

/** Where progress goes: called at most four times a second, and once at the end. */
export type ProgressSink = (update: ProgressUpdate) => void;

/** How to show progress: `false` is silent, `true` shows a line that updates itself, a function gets every update. */
export type ProgressOption = boolean | ProgressSink;

/** Milliseconds between two updates: more often flickers and fills notebooks. */
export const PROGRESS_INTERVAL = 250;

/** Counts a long job's units and tells a sink about it. */
export class Progress {
  private readonly start = performance.now();
  private last = -Infinity;
  private done: number;

  constructor(
    private readonly job: {
      label: string;
      unit: string;
      total?: number;
      /** Units done before this run, which its rate must not count. @default 0 */
      from?: number;
    },
    private readonly sink: ProgressSink,
  ) {
    this.done = job.from ?? 0;
  }

  /** Whether the next `report` will be shown: lets a loop avoid reading numbers that nobody would see. */
  get due(): boolean {
    return performance.now() - this.last >= PROGRESS_INTERVAL;
  }

  /** Tells how many units are done in all. */
  report(done: number, detail?: string): void {
    this.done = done;
    if (!this.due) return;
    this.last = performance.now();
    this.sink(this.update(detail, false));
  }

  /** Ends the job, with so many units done in all; always shown. */
  finish(done: number, detail?: string): void {
    this.done = done;
    this.sink(this.update(detail, true));
  }

  private update(detail: string | undefined, final: boolean): ProgressUpdate {
    const { label, unit, total, from = 0 } = this.job;
    const seconds = (performance.now() - this.start) / 1000;
    const rate = seconds > 0 ? (this.done - from) / seconds : 0;
    const remaining = total !== undefined && rate > 0 ? Math.max(0, total - this.done) / rate : undefined;
    return { label, done: this.done, total, unit, seconds, rate, remaining, detail, final };
  }
}

/** Makes the sink that an option asks for. */
export function progressSink(option: ProgressOption = true): ProgressSink {
  if (typeof option === "function") return option;
  if (!option) return () => {};
  if (kernel()) return notebookSink();
  return process.stderr.isTTY ? terminalSink() : () => {};
}

let shown = 0;

function notebookSink(): ProgressSink {
  const displayId = `nablab-progress-${process.pid}-${++shown}`;
  let update = false;
  return (state) => {
    kernel()?.display({ "text/plain": progressLine(state) }, { displayId, update });
    update = true;
  };
}

function terminalSink(): ProgressSink {
  return (state) => {
    const line = progressLine(state).slice(0, Math.max(20, process.stderr.columns ?? 80) - 1);
    // Back to the line's start, then clear to its end: the cursor stays on one line until the job ends.
    process.stderr.write(`\r${line}\u001b[K${state.final ? "\n" : ""}`);
  };
}

/** One line for a reader: `training ━━━━━━━━━━────────── 420/938 steps, 1240/s, 0:12 left, loss 0.123`. */
export function progressLine({
  label,
  done,
  total,
  unit,
  seconds,
  rate,
  remaining,
  detail,
  final,
}: ProgressUpdate): string {
  const bytes = unit === "bytes";
  const count = (value: number) => (bytes ? formatBytes(value) : String(value));
  const parts = [total === undefined ? `${count(done)}` : `${count(done)}/${count(total)}`];
  if (!bytes) parts[0] += ` ${unit}`;
  if (rate > 0) parts.push(bytes ? `${formatBytes(rate)}/s` : `${rate < 10 ? rate.toFixed(1) : rate.toFixed(0)}/s`);
  if (final) parts.push(`${formatSeconds(seconds)}`);
  else if (remaining !== undefined) parts.push(`${formatSeconds(remaining)} left`);
  if (detail) parts.push(detail);
  return format("%s %s", label, `${total === undefined ? "" : `${bar(done / total)} `}${parts.join(", ")}`);
}

const WIDTH = 20;

function bar(share: number): string {
  const full = Math.round(WIDTH * Math.min(1, Math.max(0, share)));
  return "━".repeat(full) + "─".repeat(WIDTH - full);
}

/** Bytes in the unit that a reader expects, powers of ten as on download pages: `9912422` is "9.9 MB". */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return power === 0
    ? `${Math.round(bytes)} B`
    : `${(bytes / 1000 ** power).toFixed(1)} ${["", "kB", "MB", "GB", "TB"][power]}`;
}

/** Seconds as minutes and seconds, hours where needed: `75` is "1:15". */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
