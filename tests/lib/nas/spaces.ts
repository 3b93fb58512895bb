/** Spaces that the tests of this folder search. */
import { cell } from "../../../lib/src/nas/cell";
import { choice, integer, when } from "../../../lib/src/nas/gene";
import { searchSpace } from "../../../lib/src/nas/search-space";

/** Choices, conditions, a cell and a rule: all that a space can have. */
export const mixed = searchSpace(
  {
    depth: integer(1, 3),
    width: choice([8, 16, 32]),
    skip: when({ depth: [2, 3] }, choice([false, true])),
    scale: when({ depth: [2, 3], skip: true }, choice(["half", "full"])),
    cell: cell({ nodes: 3, operations: ["none", "same", "conv"], none: "none", identity: "same" }),
  },
  { allow: ({ depth, width }) => depth * width <= 64 },
);

/** Three digits. */
export const digits = searchSpace({ a: integer(0, 9), b: integer(0, 9), c: integer(0, 9) });
