import { join } from "node:path";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { cell } from "../../../lib/src/nas/cell";
import { choice, integer, when } from "../../../lib/src/nas/gene";
import { searchSpace, type Genotype } from "../../../lib/src/nas/search-space";
import { generator } from "../../../lib/src/random";
import { digits, mixed } from "./spaces";

type Mixed = Genotype<typeof mixed>;
const seeds = fc.nat();
const rngOf = (seed: number) => generator(seed);
const differing = (a: number[], b: number[]) => a.flatMap((code, i) => (code === b[i] ? [] : [i]));

/** What the compiler has to say about this code as a file of this folder, with types that are not strict, as in cells. */
function complaints(code: string): string[] {
  const file = join(__dirname, "of-a-cell.ts");
  const options = { noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, types: ["node"] };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, target) =>
    name === file ? ts.createSourceFile(name, code, target) : getSourceFile(name, target);
  const program = ts.createProgram([file], { ...options, module: ts.ModuleKind.CommonJS }, host);
  const found = program.getSemanticDiagnostics(program.getSourceFile(file));
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

describe("searchSpace", () => {
  it("knows which genes every network has, also where types are not strict", () => {
    const code = `
      import { choice, integer, when } from "../../../lib/src/nas/gene";
      import { searchSpace, type Genotype } from "../../../lib/src/nas/search-space";
      const space = searchSpace({ depth: integer(1, 3), skip: when({ depth: 2 }, choice([true, false])) });
      type Network = Genotype<typeof space>;
      export const whole: Network = { depth: 1 };
      export const without: Network = { skip: true };
    `;
    expect(complaints(code)).toEqual([expect.stringContaining("Property 'depth' is missing")]);
  }, 60_000);

  it("decodes what it encodes, and encodes what it decodes", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const genotype = mixed.sample(rngOf(seed));
        const codes = mixed.encode(genotype);
        expect(mixed.decode(codes)).toEqual(genotype);
        expect(mixed.encode(mixed.decode(codes))).toEqual(codes);
      }),
    );
  });

  it("has just the genes whose condition holds", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { depth, skip, scale } = mixed.sample(rngOf(seed));
        expect(skip === undefined).toBe(depth === 1);
        expect(scale === undefined).toBe(skip !== true);
      }),
    );
  });

  it("draws all with the same chance where no gene has a condition", () => {
    const small = searchSpace({ a: integer(1, 3), b: choice(["x", "y"]) }, { allow: ({ a, b }) => a < 3 || b === "x" });
    const rng = generator(1);
    const counts = new Map<string, number>();
    for (let i = 0; i < 5000; i++) {
      const key = small.key(small.sample(rng));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    // Five genotypes, 1,000 expected of each, standard deviation √(5000 · 0.2 · 0.8) = 28.
    expect([...counts.values()]).toHaveLength(5);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(113);
  });

  it("mutates to a different, allowed neighbour, and reaches all of them", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = rngOf(seed);
        const genotype = mixed.sample(rng);
        const child = mixed.mutate(genotype, rng);
        expect(child).not.toEqual(genotype);
        expect(mixed.allows(child)).toBe(true);
        const [before, after] = [mixed.encode(genotype), mixed.encode(child)];
        const changed = differing(before, after).filter((i) => before[i] !== -1 && after[i] !== -1);
        // One slot has another option; others only come and go with it.
        expect(changed.length).toBeLessThanOrEqual(1);
      }),
    );
    const rng = generator(5);
    const reached = new Set(Array.from({ length: 2000 }, () => digits.key(digits.mutate({ a: 1, b: 2, c: 3 }, rng))));
    expect(reached.size).toBe(27);
  });

  it("lists as neighbours what differs in one slot", () => {
    expect(digits.neighbours({ a: 1, b: 2, c: 3 }).map(digits.key.bind(digits))).toHaveLength(27);
    const from: Mixed = { depth: 1, width: 32, cell: ["none", "conv", "none"] };
    const near = mixed.neighbours(from);
    // depth: 2 (3 · 32 is not allowed), width: 2 others, cell: 3 edges with 2 others each.
    expect(near).toHaveLength(1 + 2 + 6);
    expect(near[0]).toEqual({ ...from, depth: 2, skip: false });
  });

  it("crosses parents slot by slot, so that the child has no gene of its own", () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom("uniform" as const, "one-point" as const), (seed, kind) => {
        const rng = rngOf(seed);
        const [a, b] = [mixed.sample(rng), mixed.sample(rng)];
        const child = mixed.crossover(a, b, rng, { kind });
        const [one, two, own] = [a, b, child].map((genotype) => mixed.encode(genotype));
        own.forEach((code, i) => {
          // What neither parent had to decide comes from chance.
          if (code !== -1 && (one[i] !== -1 || two[i] !== -1)) expect([one[i], two[i]]).toContain(code);
        });
      }),
    );
  });

  it("cuts at one point: the front of the first, the back of the second", () => {
    const rng = generator(2);
    const cuts = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const { a, b, c } = digits.crossover({ a: 1, b: 1, c: 1 }, { a: 2, b: 2, c: 2 }, rng, { kind: "one-point" });
      cuts.add(`${a}${b}${c}`);
    }
    expect([...cuts].sort()).toEqual(["112", "122"]);
  });

  it("takes each slot from either parent with the same chance", () => {
    const rng = generator(3);
    const children = Array.from({ length: 4000 }, () =>
      digits.crossover({ a: 1, b: 1, c: 1 }, { a: 2, b: 2, c: 2 }, rng),
    );
    for (const gene of ["a", "b", "c"] as const) {
      const ones = children.filter((child) => child[gene] === 1).length;
      expect(Math.abs(ones - 2000)).toBeLessThan(127); // four standard deviations of √(4000 / 4) = 32
    }
    expect(new Set(children.map((child) => digits.key(child))).size).toBe(8);
  });

  it("counts what it lists, each once and allowed", () => {
    const all = [...mixed.all()];
    // depth 1: 3 widths; depth 2: 3 widths, each without skip or with it in two scales; depth 3: so, with 2 widths. 27 cells.
    expect(all).toHaveLength((3 + 3 * 3 + 2 * 3) * 27);
    expect(mixed.count()).toBe(all.length);
    expect(new Set(all.map((genotype) => mixed.encode(genotype).join())).size).toBe(all.length);
  });

  it("counts spaces that are too large to list", () => {
    const huge = searchSpace({
      depth: integer(1, 2),
      first: cell({ nodes: 7, operations: ["a", "b", "c", "d", "e"] }),
      second: when({ depth: 2 }, cell({ nodes: 7, operations: ["a", "b", "c", "d", "e"] })),
    });
    expect(huge.count() / (5 ** 21 + 5 ** 42)).toBeCloseTo(1, 12);
  });

  it("has one key for genotypes of one network", () => {
    const at = (operations: ("none" | "same" | "conv")[]) =>
      mixed.key({ depth: 1, width: 8, cell: operations as readonly ("none" | "same" | "conv")[] });
    expect(at(["conv", "none", "same"])).toBe(at(["none", "conv", "none"]));
    expect(at(["conv", "none", "same"])).toBe("depth=1, width=8, cell=1<0:conv");
  });

  it("names the gene that is wrong", () => {
    const cell = ["none", "conv", "none"] as const;
    const encode = (genotype: object) => () => mixed.encode(genotype as Mixed);
    expect(encode({ depth: 4, width: 8, cell })).toThrow("wants depth to be an integer from 1 to 3, got 4");
    expect(encode({ depth: 1, width: 9, cell })).toThrow("wants width to be 8 or 16 or 32, got 9");
    expect(encode({ depth: 2, width: 8, cell })).toThrow("wants skip to be false or true, got undefined");
    expect(encode({ depth: 1, width: 8, skip: true, cell })).toThrow(
      "wants skip to be absent where depth = 2 or 3 does not hold, got true",
    );
    expect(encode({ depth: 1, width: 8, cell: ["conv"] })).toThrow('wants cell to be 3 operations of "none" or "same"');
    expect(encode({ depth: 1, width: 8, cell, skips: true })).toThrow(
      "has no option skips. Remedy: did you mean skip?",
    );
    expect(encode({ depth: 3, width: 32, skip: false, cell })).toThrow(
      "wants the genotype to be one that the space allows",
    );
    expect(() => mixed.encode(null as never)).toThrow("wants the genotype to be an object, got null");
    expect(() => mixed.decode([0, 0, -1, -1, 0, 3, 0])).toThrow("wants cell[1] to be an integer from 0 to 2, got 3");
    expect(() => mixed.decode([0, 0, 1, -1, 0, 0, 0])).toThrow(
      "wants skip to be -1 where depth = 2 or 3 does not hold",
    );
    expect(() => mixed.decode([0])).toThrow("wants codes to be 7 numbers");
  });

  it("refuses descriptions that mean nothing", () => {
    expect(() => searchSpace({})).toThrow("at least one gene");
    expect(() => searchSpace({ 1: integer(1, 2) })).toThrow("names of genes to be words");
    expect(() => searchSpace({ a: when({ b: 1 }, integer(1, 2)), b: integer(1, 2) })).toThrow(
      'the condition of a to be about an earlier gene, got "b"',
    );
    expect(() => searchSpace({ b: integer(1, 2), a: when({ b: 3 }, integer(1, 2)) })).toThrow(
      "wants b in the condition of a to be an integer from 1 to 2, got 3",
    );
    expect(() => searchSpace({ b: cell({ nodes: 3, operations: ["x"] }), a: when({ b: "x" }, integer(1, 2)) })).toThrow(
      "about one choice, not a cell",
    );
  });

  it("says so where nothing is allowed, and where there is no neighbour", () => {
    const nothing = searchSpace({ a: integer(1, 2) }, { allow: () => false });
    expect(() => nothing.sample(generator(1))).toThrow("found nothing in 10000 draws that the space allows");
    const lonely = searchSpace({ a: integer(1, 9) }, { allow: ({ a }) => a === 1 });
    expect(() => lonely.mutate({ a: 1 }, generator(1))).toThrow('no other genotype beside {"a":1}');
    expect(lonely.neighbours({ a: 1 })).toEqual([]);
  });
});
