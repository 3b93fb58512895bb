import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal, JournalRow } from "../../../lib/src/nas/journal";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nablab-"));
  file = join(folder, "new folder", "search.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const rows: JournalRow[] = [
  { key: "conv 3x3", score: 0.25, details: { parameters: 120, device: "CPU" } },
  { key: "conv 5x5, größer", failure: "diverged" },
  { key: "conv 3x3", fidelity: 4, score: 1 / 3 },
];

async function write(...add: JournalRow[]): Promise<void> {
  const journal = Journal.open(file, { data: "digits", epochs: 3 });
  for (const row of add) journal.add(row);
  await journal.close();
}

async function read(setup: Record<string, unknown> = { data: "digits", epochs: 3 }): Promise<JournalRow[]> {
  const journal = Journal.open(file, setup);
  await journal.close();
  return journal.rows();
}

describe("a journal", () => {
  it("gives back what was added, to the last bit, in order", async () => {
    await write(...rows);
    expect(await read()).toEqual(rows);
  });

  it("is only ever added to, one JSON line for each result behind one that says what it is", async () => {
    await write(rows[0]);
    const before = readFileSync(file, "utf8");
    await write(rows[1]);
    const after = readFileSync(file, "utf8");
    expect(after.startsWith(before)).toBe(true);
    const lines = after.trimEnd().split("\n");
    expect(JSON.parse(lines[0])).toEqual({ format: "nablab journal 1", setup: { data: "digits", epochs: 3 } });
    expect(lines.slice(1).map((line) => JSON.parse(line) as unknown)).toEqual(rows.slice(0, 2));
  });

  it("finds candidates by their key and fidelity together", () => {
    const journal = Journal.open(file);
    for (const row of rows) journal.add(row);
    expect(journal.find("conv 3x3")).toEqual(rows[0]);
    expect(journal.find("conv 3x3", 4)).toEqual(rows[2]);
    expect(journal.find("conv 3x3", 5)).toBeUndefined();
    expect(journal.size).toBe(3);
  });

  it("has a line with the operating system as soon as it is added", () => {
    const journal = Journal.open(file);
    journal.add(rows[0]);
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(2);
  });

  it("drops a last line that was cut off anywhere, and goes on behind the line before", async () => {
    await write(...rows);
    const whole = readFileSync(file);
    const ends = [...whole.keys()].filter((at) => whole[at] === 10).map((at) => at + 1);
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(file, whole);
      truncateSync(file, length);
      const complete = ends.filter((end) => end <= length).length;
      const kept = rows.slice(0, Math.max(0, complete - 1));
      expect(await read()).toEqual(kept);
      await write({ key: "later", score: 1 });
      expect(await read()).toEqual([...kept, { key: "later", score: 1 }]);
    }
  });

  it("holds any key and any reason, whatever letters are in it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.string({ unit: "binary" })), async (keys) => {
        rmSync(file, { force: true });
        const added = keys.map((key) => ({ key, failure: `${key}\n` }));
        await write(...added);
        expect(await read()).toEqual(added);
      }),
      { numRuns: 30 },
    );
  });

  it("refuses results of another setup, and says what differs", async () => {
    await write(rows[0]);
    await expect(read({ data: "digits", epochs: 5 })).rejects.toThrow(
      `A search cannot go on from ${file}: epochs was 3 there and is 5 here. Remedy: name another file.`,
    );
    await expect(read({ data: "digits" })).rejects.toThrow("epochs was 3 there and is undefined here");
    await expect(read({ data: "digits", epochs: 3, seed: 1 })).rejects.toThrow(
      "seed was undefined there and is 1 here",
    );
    expect(await read()).toEqual(rows.slice(0, 1));
  });

  it("refuses a file of something else, and leaves it as it is", async () => {
    await write();
    for (const text of ["notes of mine", "notes\nof mine\n", '{"a":1}\n', "[1]\n", "null\n"]) {
      writeFileSync(file, text);
      await expect(read()).rejects.toThrow(/it is no (journal of a search|nablab journal 1)/);
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });

  it("refuses a file that is damaged before its end, and says where", async () => {
    await write(...rows);
    writeFileSync(file, readFileSync(file, "utf8").replace('{"key":"conv 5x5', "\0\0"));
    await expect(read()).rejects.toThrow("line 3 is damaged");
  });

  it("refuses a second result for the same candidate, and scores that are no numbers", () => {
    const journal = Journal.open(file);
    journal.add(rows[0]);
    expect(() => journal.add(rows[0])).toThrow('Journal.add() wants key to be one without a result, got "conv 3x3"');
    expect(() => journal.add({ key: "a", score: NaN })).toThrow(
      "Journal.add() wants score to be a finite number, got NaN",
    );
    expect(journal.rows()).toEqual([rows[0]]);
  });

  it("keeps the first of two results, where two processes have written one", async () => {
    await write(rows[0]);
    appendFileSync(file, `${JSON.stringify({ ...rows[0], score: 0.5 })}\n`);
    expect(await read()).toEqual([rows[0]]);
  });
});
