import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { DownloadError } from "../../../lib/src/data/download";
import { nasBench201, parseNasBench201 } from "../../../lib/src/data/nas-bench-201";

/** The extract's form with two operations: 64 cells. */
const small = () => ({
  about: "a test",
  ops: ["none", "conv"],
  edges: ["1<-0", "2<-0", "2<-1", "3<-0", "3<-1", "3<-2"],
  columns: ["ops", "val12", "test12", "val200seeds", "test200"],
  rows: Array.from({ length: 64 }, (_, i): unknown[] => [i.toString(2).padStart(6, "0"), i, i + 1, [i, i + 2], i + 3]),
});
const parse = (change: (table: ReturnType<typeof small>) => void) => () => {
  const table = small();
  change(table);
  return parseNasBench201(JSON.stringify(table));
};

describe("nasBench201", () => {
  it("reads the operations on each edge and what became of the cell", () => {
    const { operations, cells } = parse(() => {})();
    expect(operations).toEqual(["none", "conv"]);
    expect(cells[5]).toEqual({
      operations: ["none", "none", "none", "conv", "none", "conv"],
      ...{ val12: 5, test12: 6, val200: [5, 7], test200: 8 },
    });
  });

  it("has the numbers of the paper where the table is at hand, else says what is missing and where to put it", async () => {
    const table = await nasBench201().catch((error: Error) => error);
    if (table instanceof Error) {
      expect(table).toBeInstanceOf(DownloadError);
      expect(table.message).toMatch(/can't be downloaded by itself. Remedy: .*nas-bench-201.py .*cifar10.json.gz$/);
      return;
    }
    const best = (column: "val12" | "test200") => Math.max(...table.cells.map((cell) => cell[column]));
    // Dong and Yang, ICLR 2020, table 5: the optimal cell has 94.37 on the test set.
    expect(best("test200")).toBeCloseTo(94.37, 2);
    expect(table.source).toContain("15,625");
    // The cell without a way from input to output guesses one class of ten.
    expect(table.cells.find(({ operations }) => operations.every((name) => name === "none"))!.test200).toBe(10);
    expect(best("val12")).toBeLessThan(best("test200"));
  });

  it("refuses another file, and says where the right one belongs", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-nas-"));
    try {
      const missing = await nasBench201({ folder }).catch((error: Error) => error.message);
      expect(missing).toContain(`it is missing.`);
      expect(missing).toMatch(
        /Remedy: .* python3 datasets\/nas-bench-201.py NATS-tss-v1_0-3ffb9-simple \/.*cifar10.json.gz$/,
      );
      writeFileSync(join(folder, "cifar10.json.gz"), "something else");
      await expect(nasBench201({ folder })).rejects.toThrow("cifar10.json.gz is another file: incorrect header check.");
      writeFileSync(join(folder, "cifar10.json.gz"), gzipSync(JSON.stringify(small())));
      await expect(nasBench201({ folder })).rejects.toThrow("cells to be 94.37 % as published, got 66");
      await expect(nasBench201({ foldr: "x" } as never)).rejects.toThrow("did you mean folder?");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses a table that is not whole", () => {
    expect(parse((table) => table.rows.pop())).toThrow("wants the rows to be all 64 cells, each once, got 63");
    expect(parse((table) => (table.rows[0] = table.rows[1]))).toThrow("each once, got 63");
    expect(parse((table) => (table.rows[3][0] = "00002"))).toThrow("wants the ops of row 3 to be 6 places");
    expect(parse((table) => (table.rows[3][1] = 101))).toThrow("the accuracies of row 3 to be from 0 to 100, got 101");
    expect(parse((table) => table.columns.reverse())).toThrow("wants columns to be ops, val12");
    expect(parse((table) => table.edges.reverse())).toThrow("wants edges to be 1<-0");
  });
});

describe("datasets/nas-bench-201.py", () => {
  const program = join(__dirname, "../../../datasets/nas-bench-201.py");
  const python = (...words: string[]) => execFileSync("python3", words, { encoding: "utf8", stdio: "pipe" });

  it("reads the accuracies of each cell out of the publishers' archive", () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-nats-"));
    try {
      // An archive of two cells in the form that the package nats-bench 1.8 reads.
      python(join(__dirname, "../../fixtures/nats-bench-archive.py"), folder);
      python(program, folder, join(folder, "out.json.gz"));
      const { ops, rows } = JSON.parse(gunzipSync(readFileSync(join(folder, "out.json.gz"))).toString("utf8")) as {
        ops: string[];
        rows: [string, number, number, number[], number][];
      };
      expect(rows.map(([code]) => [...code].map((digit) => ops[Number(digit)]))).toEqual([
        ["avg_pool_3x3", "nor_conv_1x1", "skip_connect", "nor_conv_1x1", "skip_connect", "skip_connect"],
        ["none", "nor_conv_3x3", "none", "none", "nor_conv_3x3", "nor_conv_1x1"],
      ]);
      // What the package answers to get_more_info and get_metrics for the same archive.
      expect(rows.map((row) => row.slice(1))).toEqual([
        [61.11, 62.22, [81.5, 82.25, 83], 85.1167],
        [50.5, 51.5, [71], 75.125],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses a pickle that holds more than values", () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-nats-"));
    try {
      python(join(__dirname, "../../fixtures/nats-bench-archive.py"), folder, "evil");
      expect(() => python(program, folder, join(folder, "out.json.gz"))).toThrow("system is no plain value");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
