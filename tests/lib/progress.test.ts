import { afterEach, describe, expect, it, vi } from "vitest";
import {
  formatBytes,
  formatSeconds,
  interruptSignal,
  Progress,
  progressLine,
  progressSink,
  ProgressUpdate,
} from "../../lib/src/progress";

const kernelKey = Symbol.for("nablab.kernel");
const update: ProgressUpdate = {
  label: "training",
  done: 420,
  total: 938,
  unit: "steps",
  seconds: 10,
  rate: 42,
  final: false,
};

afterEach(() => {
  delete (globalThis as Record<symbol, unknown>)[kernelKey];
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("progressLine", () => {
  it.each<[Partial<ProgressUpdate>, string]>([
    [{ remaining: 12.3, detail: "loss 0.5" }, "training ━━━━━━━━━─────────── 420/938 steps, 42/s, 0:12 left, loss 0.5"],
    [{ done: 938, final: true, seconds: 75 }, "training ━━━━━━━━━━━━━━━━━━━━ 938/938 steps, 42/s, 1:15"],
    [{ total: undefined, rate: 0.5 }, "training 420 steps, 0.5/s"],
    [
      { label: "a.gz", unit: "bytes", done: 3_100_000, total: 9_912_422, rate: 1e6, remaining: 7 },
      "a.gz ━━━━━━────────────── 3.1 MB/9.9 MB, 1.0 MB/s, 0:07 left",
    ],
  ])("writes %o", (part, line) => {
    expect(progressLine({ ...update, ...part })).toBe(line);
  });

  it("writes bytes and times as people do", () => {
    expect([0, 999, 28_881, 9_912_422, 2e9].map(formatBytes)).toEqual(["0 B", "999 B", "28.9 kB", "9.9 MB", "2.0 GB"]);
    expect([0.4, 59.6, 75, 3_661].map(formatSeconds)).toEqual(["0:00", "1:00", "1:15", "1:01:01"]);
  });
});

describe("Progress", () => {
  it("reports at most four times a second, and the end always, with rate and time left of this run", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const seen: ProgressUpdate[] = [];
    const progress = new Progress({ label: "work", unit: "steps", total: 1100, from: 100 }, (state) =>
      seen.push(state),
    );
    for (let i = 1; i <= 1000; i++) {
      vi.advanceTimersByTime(1);
      progress.report(100 + i, `at ${i}`);
    }
    progress.finish(1100);
    expect(seen.map(({ done }) => done)).toEqual([101, 351, 601, 851, 1100]);
    expect(seen[2]).toMatchObject({ detail: "at 501", final: false });
    expect(seen[2].rate).toBeAllclose(1000);
    expect(seen[2].remaining!).toBeAllclose(0.499);
    expect(seen[4]).toMatchObject({ final: true, seconds: 1 });
  });
});

describe("progressSink", () => {
  it("updates one display in a notebook of our kernel", () => {
    const shown: [unknown, { displayId: string; update: boolean }][] = [];
    const display = (data: unknown, options: { displayId: string; update: boolean }) =>
      void shown.push([data, options]);
    (globalThis as Record<symbol, unknown>)[kernelKey] = { display, signal: new AbortController().signal };
    const sink = progressSink();
    sink(update);
    sink({ ...update, final: true });
    expect(shown.map(([, { update: again }]) => again)).toEqual([false, true]);
    expect(shown[0][1].displayId).toBe(shown[1][1].displayId);
    expect(shown[0][0]).toEqual({ "text/plain": progressLine(update) });
    progressSink()(update);
    expect(shown[2][1].displayId).not.toBe(shown[0][1].displayId);
  });

  it("rewrites one line in a terminal, and is silent elsewhere and where it is told to", () => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const terminal = process.stderr.isTTY;
    try {
      process.stderr.isTTY = false;
      progressSink()(update);
      progressSink(false)(update);
      expect(write).not.toHaveBeenCalled();
      process.stderr.isTTY = true;
      const sink = progressSink(true);
      sink(update);
      sink({ ...update, final: true });
      expect(write.mock.calls.map(([text]) => text as string)).toEqual([
        expect.stringMatching(/^\rtraining ━[^\n]*$/),
        expect.stringMatching(/^\rtraining ━.*\n$/),
      ]);
    } finally {
      process.stderr.isTTY = terminal;
    }
  });
});

describe("interruptSignal", () => {
  it("is the running cell's, and one that is never aborted outside of our kernel", () => {
    expect(interruptSignal().aborted).toBe(false);
    const { signal } = new AbortController();
    (globalThis as Record<symbol, unknown>)[kernelKey] = { display() {}, signal };
    expect(interruptSignal()).toBe(signal);
  });
});
