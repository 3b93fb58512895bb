import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "../../../lib/src/nas/journal";
import { smallCnnSpace, type SmallCnn } from "../../../lib/src/nas/small-cnn-space";
import { smallCnnJournal, smallCnnTable } from "../../../lib/src/nas/small-cnn-table";

const all: SmallCnn[] = [...smallCnnSpace.all()];

/** A made-up training: deeper is better, and the seed adds a little. */
const scoreOf = ({ depth, width }: SmallCnn, seed: number) => (10 * depth + width + seed) / 100;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "nablab-table-"))));
afterEach(() => rmSync(folder, { recursive: true }));

async function write(seed: number, count = all.length): Promise<void> {
  const journal = Journal.open(smallCnnJournal(seed, folder), { seed });
  for (const [i, genotype] of all.slice(0, count).entries()) {
    const key = smallCnnSpace.key(genotype);
    if (i === 5 && seed === 2) journal.add({ key, failure: "diverged" });
    else
      journal.add({
        key,
        score: scoreOf(genotype, seed),
        details: { curve: [0.1, scoreOf(genotype, seed)], seconds: 3 },
      });
  }
  await journal.close();
}

describe("smallCnnTable", () => {
  it("has every network once, with its score for each seed and their mean", async () => {
    await write(1);
    await write(2);
    const { results, seeds, best, resultOf, space } = smallCnnTable({ folder });
    expect(seeds).toEqual([1, 2]);
    expect(results.map(({ genotype }) => genotype)).toEqual(all);
    expect(space).toBe(smallCnnSpace);
    const found = resultOf(all[100]);
    const [one, two] = [scoreOf(all[100], 1), scoreOf(all[100], 2)];
    expect(found).toMatchObject({ scores: [one, two], seconds: [3, 3] });
    expect(found.curves[1]).toEqual([0.1, two]);
    expect(found.mean).toBeCloseTo((one + two) / 2, 12);
    // What diverged with one seed has no mean, and cannot be the best.
    expect(results[5].scores[1]).toBeNaN();
    expect(results[5].mean).toBeNaN();
    expect(best.genotype).toMatchObject({ depth: 3, width: 32 });
    expect(() => resultOf({ ...all[0], width: 64 } as never)).toThrow("width");
  });

  it("reads whole journals only, while another one grows", async () => {
    await write(1);
    await write(2, 40);
    expect(smallCnnTable({ folder }).seeds).toEqual([1]);
    appendFileSync(smallCnnJournal(2, folder), '{"key":"half a li');
    expect(smallCnnTable({ folder }).seeds).toEqual([1]);
  });

  it("says how to make it where there is none", async () => {
    expect(() => smallCnnTable({ folder })).toThrow(
      /with all 312 networks \(0 are there\). Remedy: git checkout .*train-small-cnns.js/,
    );
    await write(1, 40);
    expect(() => smallCnnTable({ folder })).toThrow("(40 are there)");
    writeFileSync(smallCnnJournal(1, folder), "");
    expect(() => smallCnnTable({ folder })).toThrow("(0 are there)");
    expect(() => smallCnnTable({ foldr: folder } as never)).toThrow("did you mean folder?");
  });
});
