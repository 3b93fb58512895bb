import { checkOneOf, checkOptions, refuse } from "../check";
import type { RandomGenerator } from "../random";
import type { ConditionalGene, Gene } from "./gene";
import { ABSENT, conditionsOf, decided, inWords, type Place } from "./place";

/** Genes by name, in the order in which they are decided. */
export type Description = Readonly<Record<string, Gene<unknown>>>;

// By the kind of gene, not by whether its values may be undefined: in cells, whose types are not strict, all values may be.
type Decided<D extends Description> = {
  [K in keyof D]: D[K] extends ConditionalGene<unknown> ? never : K;
}[keyof D];
type ValueOf<G> = G extends Gene<infer Value> ? Value : never;

/** A point of a space: the value of each gene, without those whose condition does not hold. */
export type GenotypeOf<D extends Description> = { readonly [K in Decided<D>]: ValueOf<D[K]> } & {
  readonly [K in Exclude<keyof D, Decided<D>>]?: ValueOf<D[K]>;
};

/** The genotypes of a space: `type Network = Genotype<typeof space>`. */
export type Genotype<Space> = Space extends SearchSpace<infer G> ? G : never;

export interface SearchSpaceOptions<G> {
  /** Which genotypes are in the space at all, such as those of networks that are small enough. @default all */
  allow?: (genotype: G) => boolean;
}

export interface CrossoverOptions {
  /** "uniform": each slot from either parent; "one-point": all before a cut from the first, the rest from the second. @default "uniform" */
  kind?: "uniform" | "one-point";
}

/** One place where networks of a space differ. */
export interface Slot {
  /** The gene that it belongs to, with the number of the edge for a cell: `depth`, `cell[3]`. */
  name: string;
  /** How many options it has. */
  options: number;
}

/**
 * A space of networks, described gene by gene.
 *
 * @throws RangeError for no genes, a name that is a whole number, or a condition on what is no earlier choice or integer or
 *   names a value that it can't have
 * @example
 * const space = searchSpace({
 *   depth: integer(1, 3),
 *   width: choice([8, 16, 32]),
 *   skip: when({ depth: [2, 3] }, choice([true, false])),
 * });
 */
export function searchSpace<const D extends Description>(
  description: D,
  options: SearchSpaceOptions<GenotypeOf<D>> = {},
): SearchSpace<GenotypeOf<D>> {
  checkOptions("searchSpace()", options, ["allow"]);
  return new SearchSpace(description, options.allow);
}

/** How often chance is given another try before a space says that nothing in it is allowed. */
const TRIES = 10_000;

/** See `searchSpace()`. */
export class SearchSpace<G> {
  /** All places where networks differ, in the order of `encode()`. */
  readonly slots: readonly Slot[];
  private readonly places: Place[] = [];
  private readonly placeOf: Place[] = [];

  /** @internal Use `searchSpace(description)`. */
  constructor(
    description: Description,
    private readonly allow?: (genotype: G) => boolean,
  ) {
    const slots: Slot[] = [];
    for (const [name, gene] of Object.entries(description)) {
      // Objects put such names first, whatever the order they are written in.
      if (/^\d+$/.test(name)) refuse("searchSpace()", "names of genes", "words", name);
      const place = { name, gene, start: slots.length, conditions: conditionsOf(name, gene, this.places) };
      this.places.push(place);
      gene.options.forEach((count, i) => {
        slots.push({ name: gene.options.length === 1 ? name : `${name}[${i}]`, options: count });
        this.placeOf.push(place);
      });
    }
    if (slots.length === 0) refuse("searchSpace()", "description", "at least one gene", description);
    this.slots = slots;
  }

  /**
   * The genotype as numbers, one a slot: which option, or -1 for a gene that is not decided.
   *
   * @throws RangeError that names the gene: a value it can't have, one that is missing, one whose condition does not hold,
   *   an unknown name; and where the space does not allow the genotype
   */
  encode(genotype: G): number[] {
    const where = "searchSpace.encode()";
    if (typeof genotype !== "object" || genotype === null) {
      refuse(where, "the genotype", "an object", genotype, { kind: TypeError });
    }
    const values = genotype as Record<string, unknown>;
    checkOptions(
      where,
      values,
      this.places.map(({ name }) => name),
    );
    const codes = new Array<number>(this.slots.length).fill(ABSENT);
    for (const place of this.places) {
      const { name, gene, start } = place;
      const value = values[name];
      if (!decided(place, codes)) {
        if (value !== undefined) refuse(where, name, `absent where ${inWords(gene)} does not hold`, value);
        continue;
      }
      const own = gene.encode(value);
      if (own === undefined) refuse(where, name, gene.wanted, value);
      own.forEach((code, i) => (codes[start + i] = code));
    }
    if (!this.allows(genotype)) refuse(where, "the genotype", "one that the space allows", JSON.stringify(genotype));
    return codes;
  }

  /** The genotype of such numbers. @throws RangeError that names the slot whose number is no option */
  decode(codes: readonly number[]): G {
    const where = "searchSpace.decode()";
    if (codes.length !== this.slots.length) refuse(where, "codes", `${this.slots.length} numbers`, codes);
    for (const place of this.places) {
      const there = decided(place, codes);
      place.gene.options.forEach((count, i) => {
        const code = codes[place.start + i];
        const fits = there ? Number.isInteger(code) && code >= 0 && code < count : code === ABSENT;
        const wanted = there
          ? `an integer from 0 to ${count - 1}`
          : `${ABSENT} where ${inWords(place.gene)} does not hold`;
        if (!fits) refuse(where, this.slots[place.start + i].name, wanted, code);
      });
    }
    return this.read(codes);
  }

  /** Whether a slot is decided, given the options of all slots before it: the condition of its gene holds. */
  isDecided(slot: number, codes: readonly number[]): boolean {
    return decided(this.placeOf[slot], codes);
  }

  /** Whether the rule of the space, if it has one, allows a genotype. */
  allows(genotype: G): boolean {
    return this.allow?.(genotype) ?? true;
  }

  /** A genotype, all allowed ones with the same chance where no gene has a condition; else each gene by itself. */
  sample(rng: RandomGenerator): G {
    for (let tries = 0; tries < TRIES; tries++) {
      const genotype = this.read(this.complete(() => ABSENT, rng));
      if (this.allows(genotype)) return genotype;
    }
    throw new Error(`searchSpace.sample() found nothing in ${TRIES} draws that the space allows. Remedy: allow more.`);
  }

  /**
   * A neighbour: one slot, all with the same chance, gets another of its options. Genes that are decided only now are drawn
   * at random, and those that no longer are are dropped. Never the genotype itself.
   *
   * @throws RangeError for an invalid genotype, Error where no neighbour is allowed
   */
  mutate(genotype: G, rng: RandomGenerator): G {
    const codes = this.encode(genotype);
    const all = this.changes(codes);
    while (all.length > 0) {
      const slots = [...new Set(all.map(({ slot }) => slot))];
      const slot = rng.pick(slots);
      const at = rng.pick(all.flatMap((change, i) => (change.slot === slot ? [i] : [])));
      const [{ code }] = all.splice(at, 1);
      const child = this.read(this.complete((i) => (i === slot ? code : codes[i]), rng));
      if (this.allows(child)) return child;
    }
    throw new Error(`searchSpace.mutate() found no other genotype beside ${JSON.stringify(genotype)}.`);
  }

  /** All genotypes that differ in one slot; genes that are decided only there have their first option. */
  neighbours(genotype: G): G[] {
    const codes = this.encode(genotype);
    return this.changes(codes)
      .map(({ slot, code }) => this.read(this.complete((i) => (i === slot ? code : codes[i]))))
      .filter((other) => this.allows(other));
  }

  /**
   * A child of two: each slot from one of them. What the child has to decide and that parent has not comes from the other
   * parent, or from chance where neither has it. Where many children in a row are not allowed, it is the first parent again.
   */
  crossover(first: G, second: G, rng: RandomGenerator, options: CrossoverOptions = {}): G {
    const where = "searchSpace.crossover()";
    checkOptions(where, options, ["kind"]);
    const kind = checkOneOf(where, "kind", options.kind ?? "uniform", ["uniform", "one-point"]);
    const [a, b] = [this.encode(first), this.encode(second)];
    for (let tries = 0; tries < 100; tries++) {
      const cut = kind === "one-point" && a.length > 1 ? rng.integer(1, a.length) : a.length;
      const child = this.read(
        this.complete((i) => {
          const fromFirst = kind === "uniform" ? rng.chance(0.5) : i < cut;
          const [own, other] = fromFirst ? [a[i], b[i]] : [b[i], a[i]];
          return own === ABSENT ? other : own;
        }, rng),
      );
      if (this.allows(child)) return child;
    }
    return first;
  }

  /** The canonical form: a text that is equal for genotypes of the same network. */
  key(genotype: G): string {
    const codes = this.encode(genotype);
    return this.places
      .filter((place) => decided(place, codes))
      .map(({ name, gene, start }) => `${name}=${gene.canonical(codes.slice(start, start + gene.options.length))}`)
      .join(", ");
  }

  /** Every genotype, in the order of its numbers. */
  *all(): Generator<G> {
    const codes = new Array<number>(this.slots.length).fill(ABSENT);
    const slots = this.slots;
    const decode = (): G => this.read(codes);
    const placeOf = this.placeOf;
    function* from(slot: number): Generator<G> {
      if (slot === slots.length) return yield decode();
      const options = decided(placeOf[slot], codes) ? slots[slot].options : 0;
      for (let code = 0; code < options; code++) {
        codes[slot] = code;
        yield* from(slot + 1);
      }
      codes[slot] = ABSENT;
      if (options === 0) yield* from(slot + 1);
    }
    for (const genotype of from(0)) if (this.allows(genotype)) yield genotype;
  }

  /** How many genotypes there are, rounded beyond 2^53. Where the space has a rule of what is allowed, it tries each. */
  count(): number {
    if (this.allow) {
      let count = 0;
      for (const all = this.all(); !all.next().done;) count++;
      return count;
    }
    const codes = new Array<number>(this.slots.length).fill(ABSENT);
    const asked = new Set(this.places.flatMap(({ conditions }) => conditions.map(({ slot }) => slot)));
    const from = (i: number): number => {
      if (i === this.places.length) return 1;
      const { gene, start } = this.places[i];
      if (!decided(this.places[i], codes)) return from(i + 1);
      // Only the genes that conditions ask about make a difference to what follows.
      if (!asked.has(start)) return gene.options.reduce((product, count) => product * count, 1) * from(i + 1);
      let sum = 0;
      for (codes[start] = 0; codes[start] < gene.options[0]; codes[start]++) sum += from(i + 1);
      codes[start] = ABSENT;
      return sum;
    };
    return from(0);
  }

  /** Goes through the genes in their order, so that each knows whether it is to be decided. */
  private complete(wish: (slot: number) => number, rng?: RandomGenerator): number[] {
    const codes = new Array<number>(this.slots.length).fill(ABSENT);
    for (const place of this.places) {
      const there = decided(place, codes);
      for (let i = place.start; i < place.start + place.gene.options.length; i++) {
        const wished = wish(i);
        if (there) codes[i] = wished === ABSENT ? (rng?.integer(0, this.slots[i].options) ?? 0) : wished;
      }
    }
    return codes;
  }

  private changes(codes: readonly number[]): { slot: number; code: number }[] {
    return codes.flatMap((now, slot) =>
      now === ABSENT
        ? []
        : Array.from({ length: this.slots[slot].options }, (_, code) => ({ slot, code })).filter(
            ({ code }) => code !== now,
          ),
    );
  }

  private read(codes: readonly number[]): G {
    const genotype: Record<string, unknown> = {};
    for (const place of this.places) {
      if (!decided(place, codes)) continue;
      genotype[place.name] = place.gene.decode(codes.slice(place.start, place.start + place.gene.options.length));
    }
    return genotype as G;
  }
}
