import { checkInteger, describe, refuse } from "../check";

/**
 * One decision about a network. Inside a space a decision is one or more *slots*, each the number of an option from 0 up:
 * a choice is one slot, a cell is one slot for each edge.
 */
export interface Gene<Value> {
  /** How many options each slot has. */
  readonly options: readonly number[];
  /** The value that these options stand for. */
  decode(slots: readonly number[]): Value;
  /** The options that stand for a value; undefined where none do. */
  encode(value: unknown): number[] | undefined;
  /** A text that is equal for values that mean the same network. */
  canonical(slots: readonly number[]): string;
  /** What values it accepts, for errors. */
  readonly wanted: string;
  /** Only decided where these genes have one of these values. */
  readonly condition?: Condition;
}

/** A gene that is only decided where its condition holds: see `when()`. */
export interface ConditionalGene<Value> extends Gene<Value> {
  readonly condition: Condition;
}

/** Names of earlier genes, each with the value, or the list of values, for which a gene is decided. */
export type Condition = Readonly<Record<string, Option | readonly Option[]>>;

export type Option = string | number | boolean;

/**
 * One of these values.
 *
 * @throws RangeError for no values, or for two that are equal
 * @example choice(["max", "average"])
 */
export function choice<const Value extends Option>(values: readonly Value[]): Gene<Value> {
  if (values.length === 0) refuse("choice()", "values", "at least one", values);
  const twice = values.find((value, i) => values.indexOf(value) < i);
  if (twice !== undefined) refuse("choice()", "values", "different from each other", twice);
  return {
    options: [values.length],
    decode: ([slot]) => values[slot],
    encode: (value) => {
      const slot = values.indexOf(value as Value);
      return slot < 0 ? undefined : [slot];
    },
    canonical: ([slot]) => String(values[slot]),
    wanted: values.map((value) => describe(value)).join(" or "),
  };
}

/** A whole number from `low` to `high`, both included. @throws RangeError where `high` is below `low` */
export function integer(low: number, high: number): Gene<number> {
  checkInteger("integer()", "low", low);
  checkInteger("integer()", "high", high, { min: low });
  return {
    options: [high - low + 1],
    decode: ([slot]) => low + slot,
    encode: (value) =>
      Number.isInteger(value) && (value as number) >= low && (value as number) <= high
        ? [(value as number) - low]
        : undefined,
    canonical: ([slot]) => String(low + slot),
    wanted: `an integer from ${low} to ${high}`,
  };
}

/**
 * A gene that is only decided where earlier genes have certain values; elsewhere the genotype goes without it, so that two
 * networks never differ in something that neither of them has.
 *
 * @example when({ depth: [2, 3] }, choice(["plain", "residual"]))
 */
export function when<Value>(condition: Condition, gene: Gene<Value>): ConditionalGene<Value> {
  if (Object.keys(condition).length === 0) refuse("when()", "condition", "about at least one gene", condition);
  if (gene.condition) {
    refuse("when()", "gene", "one without a condition of its own", gene.condition, {
      remedy: "put both into one condition.",
    });
  }
  return { ...gene, condition };
}
