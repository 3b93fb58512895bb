import {
  nasBench201 as table,
  type CellResult,
  type NasBench201Options,
  type NasBench201Table,
} from "../data/nas-bench-201";
import { cell } from "./cell";
import { searchSpace, type Genotype } from "./search-space";

/** The space of NAS-Bench-201: cells of four nodes, five operations on each of six edges, 15,625 in all. */
export const nasBench201Space = searchSpace({
  cell: cell({
    nodes: 4,
    operations: ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"],
    none: "none",
    identity: "skip_connect",
  }),
});

/** A network of `nasBench201Space`. */
export type Cell201 = Genotype<typeof nasBench201Space>;

/** The benchmark: a space and what became of each of its cells. */
export interface NasBench201 {
  space: typeof nasBench201Space;
  /** What became of a cell when it was trained. @throws RangeError for what is no cell of the space */
  resultOf(genotype: Cell201): CellResult;
  table: NasBench201Table;
}

/**
 * Loads NAS-Bench-201's CIFAR-10 table and its search space.
 *
 * Protocol of the paper: search by `val12`, report `test200` of the cell that the search chose.
 *
 * @throws DownloadError where the table is not in the cache: see `data.nasBench201()`
 * @example
 * const bench = await nas.nasBench201();
 * search.tell({ id, score: bench.resultOf(genotype).val12 });
 */
export async function nasBench201(options: NasBench201Options = {}): Promise<NasBench201> {
  const loaded = await table(options);
  const space = nasBench201Space;
  const byCodes = new Map(
    loaded.cells.map((result) => [codesOf({ cell: result.operations as Cell201["cell"] }), result]),
  );
  return { space, table: loaded, resultOf: (genotype) => byCodes.get(codesOf(genotype))! };
}

const codesOf = (genotype: Cell201): string => nasBench201Space.encode(genotype).join("");
