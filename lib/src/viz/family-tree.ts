import { checkInteger, checkOptions, refuse } from "../check";
import { checkTitle } from "./axis";
import { graph } from "./graph";
import { shortNumber } from "./numbers";
import type { VegaLiteSpec } from "./spec";

/** What the tree needs of an evaluated candidate. */
export interface Descendant {
  readonly id: number;
  readonly score: number;
  readonly key: string;
  readonly origin?: string;
  readonly parents?: readonly number[];
}

export interface FamilyTreeOptions<Candidate> {
  /** The chart's one message. */
  title: string;
  /** Up to three lines about a candidate under its number. @default its score */
  lines?: (candidate: Candidate) => readonly string[];
  /** At most so many are drawn, the youngest ancestors first. @default 25 */
  limit?: number;
  /** A second, smaller line. @default how many were left out */
  subtitle?: string;
}

/**
 * Where a candidate comes from: its parents, theirs, and so on, coloured by how they came about.
 *
 * @param id of the candidate, such as `search.best()!.id`
 * @throws RangeError for an id that the history doesn't have
 * @example familyTree(search.history, search.best()!.id, { title: "Four mutations to the winner" })
 */
export function familyTree<Candidate extends Descendant>(
  history: readonly Candidate[],
  id: number,
  options: FamilyTreeOptions<Candidate>,
): VegaLiteSpec {
  const where = "familyTree()";
  checkOptions(where, options, ["title", "lines", "limit", "subtitle"]);
  checkTitle(where, options.title);
  const { limit = 25, lines = ({ score }) => [Number.isFinite(score) ? shortNumber(score) : "failed"] } = options;
  checkInteger(where, "limit", limit, { min: 1 });
  const byId = new Map(history.map((candidate) => [candidate.id, candidate]));
  const winner = byId.get(id) ?? refuse(where, "id", "that of a candidate in the history", id);
  const family = new Map([[id, winner]]);
  // A Map is gone through in the order in which it grows.
  for (const { parents = [] } of family.values()) {
    for (const parent of parents) {
      const found = byId.get(parent);
      if (found) family.set(parent, found);
    }
  }
  const drawn = [...family.values()].sort((a, b) => b.id - a.id).slice(0, limit);
  const shown = new Set(drawn.map((candidate) => candidate.id));
  const left = family.size - drawn.length;
  return graph(
    {
      nodes: drawn.reverse().map((candidate) => ({
        id: String(candidate.id),
        label: candidate.id === id ? `#${id}, the winner` : `#${candidate.id}`,
        lines: lines(candidate),
        group: candidate.origin ?? "unknown",
      })),
      edges: drawn.flatMap(({ id: child, parents = [] }) =>
        parents.filter((parent) => shown.has(parent)).map((parent) => [String(parent), String(child)] as const),
      ),
    },
    {
      title: options.title,
      subtitle: options.subtitle ?? (left > 0 ? `${left} older ancestor${left > 1 ? "s" : ""} not shown` : undefined),
    },
  );
}
