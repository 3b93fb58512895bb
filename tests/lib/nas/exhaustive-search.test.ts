import { describe, expect, it } from "vitest";
import { exhaustiveSearch, type ExhaustiveSearchOptions } from "../../../lib/src/nas/exhaustive-search";
import { choice, integer, when } from "../../../lib/src/nas/gene";
import { searchSpace } from "../../../lib/src/nas/search-space";

const space = searchSpace({ depth: integer(1, 4), skip: when({ depth: [3, 4] }, choice([false, true])) });

function asked(options: ExhaustiveSearchOptions): string[] {
  const search = exhaustiveSearch(space, options);
  const keys: string[] = [];
  while (!search.finished) {
    const { id, key } = search.ask();
    keys.push(key);
    search.tell({ id, score: -id });
  }
  return keys;
}

describe("exhaustiveSearch", () => {
  it("asks for every network once, in an order of its seed", () => {
    const keys = asked({ seed: 1 });
    expect([...keys].sort()).toEqual([...space.all()].map((genotype) => space.key(genotype)).sort());
    expect(asked({ seed: 1 })).toEqual(keys);
    expect(asked({ seed: 2 })).not.toEqual(keys);
  });

  it("ends early where it may not ask for all, and never asks for more than there are", () => {
    expect(asked({ evaluations: 4 })).toEqual(asked({}).slice(0, 4));
    expect(asked({ evaluations: 100 })).toHaveLength(6);
  });

  it("refuses an option that does not exist", () => {
    expect(() => exhaustiveSearch(space, { sed: 1 } as never)).toThrow("did you mean seed?");
  });
});
