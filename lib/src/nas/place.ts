/** Where the slots of a gene lie among those of its space, and on what it depends. */
import { describe, refuse } from "../check";
import type { Gene, Option } from "./gene";

/** Slots of a gene whose condition does not hold. */
export const ABSENT = -1;

export interface Place {
  name: string;
  gene: Gene<unknown>;
  /** Where its slots begin. */
  start: number;
  /** Slots of other genes, each with which of its options let this gene be decided. */
  conditions: { slot: number; allowed: boolean[] }[];
}

/** The condition of a gene, in slots of the genes before it. @throws RangeError where it is about something else */
export function conditionsOf(
  name: string,
  { condition = {} }: Gene<unknown>,
  before: readonly Place[],
): Place["conditions"] {
  const where = "searchSpace()";
  return Object.entries(condition).map(([other, values]) => {
    const place = before.find((earlier) => earlier.name === other);
    if (place === undefined) refuse(where, `the condition of ${name}`, "about an earlier gene", other);
    if (place.gene.options.length > 1) refuse(where, `the condition of ${name}`, "about one choice, not a cell", other);
    const allowed = new Array<boolean>(place.gene.options[0]).fill(false);
    for (const value of listed(values)) {
      const codes = place.gene.encode(value);
      if (codes === undefined) refuse(where, `${other} in the condition of ${name}`, place.gene.wanted, value);
      allowed[codes[0]] = true;
    }
    return { slot: place.start, allowed };
  });
}

/** Whether a gene is decided, given the options of all slots before it. */
export function decided({ conditions }: Place, codes: readonly number[]): boolean {
  return conditions.every(({ slot, allowed }) => allowed[codes[slot]] === true);
}

/** The condition of a gene as messages tell it. */
export function inWords({ condition = {} }: Gene<unknown>): string {
  return Object.entries(condition)
    .map(([name, values]) => `${name} = ${listed(values).map(describe).join(" or ")}`)
    .join(" and ");
}

const listed = (values: unknown): Option[] => (Array.isArray(values) ? values : [values]) as Option[];
