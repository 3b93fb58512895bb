import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layeredLayout, type Layout, type Point } from "../../../lib/src/viz/layered-layout";

const box = (id: number, width = 60, height = 30) => ({ id: `${id}`, width, height });
/** Random graphs without cycles: edges go from a lower number to a higher one. */
const graphs = fc
  .array(fc.tuple(fc.integer({ min: 20, max: 160 }), fc.integer({ min: 20, max: 60 })), { minLength: 2, maxLength: 25 })
  .chain((sizes) => {
    const edge = fc
      .uniqueArray(fc.integer({ min: 0, max: sizes.length - 1 }), { minLength: 2, maxLength: 2 })
      .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
    return fc.record({
      boxes: fc.constant(sizes.map(([width, height], i) => box(i, width, height))),
      edges: fc.array(edge, { maxLength: 30 }),
      direction: fc.constantFrom("right" as const, "down" as const),
    });
  });

const inside = ({ width, height }: Layout, { x, y }: Point) => x >= 0 && y >= 0 && x <= width && y <= height;

describe("layeredLayout", () => {
  it("puts two boxes and their edge where the sum of widths and gaps says", () => {
    const { width, height, boxes, paths } = layeredLayout([box(0), box(1, 40, 50)], [[0, 1]], "right");
    // 2 + 60 + 30 + 40 + 2 wide; as high as the higher box and its margins.
    expect([width, height]).toEqual([134, 54]);
    expect(boxes.map(({ x, y }) => [x, y])).toEqual([
      [32, 27],
      [112, 27],
    ]);
    expect(paths[0].at(0)).toEqual({ x: 62, y: 27 });
    expect(paths[0].at(-1)).toEqual({ x: 92, y: 27 });
  });

  it("places random graphs so that no boxes touch, and every edge leads on to a later layer", () => {
    fc.assert(
      fc.property(graphs, ({ boxes, edges, direction }) => {
        const layout = layeredLayout(boxes, edges, direction);
        layout.boxes.forEach((a, i) => {
          const others = layout.boxes.slice(i + 1);
          const touching = others.filter(
            (b) => Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2,
          );
          expect(touching).toEqual([]);
          expect(inside(layout, a)).toBe(true);
        });
        const [along, size] = direction === "right" ? (["x", "width"] as const) : (["y", "height"] as const);
        layout.paths.forEach((path, e) => {
          const [from, to] = edges[e].map((i) => layout.boxes[i]);
          expect(path[0][along]).toBeCloseTo(from[along] + from[size] / 2);
          expect(path.at(-1)![along]).toBeCloseTo(to[along] - to[size] / 2);
          expect(path.at(-1)![along]).toBeGreaterThan(path[0][along]);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("leads an edge past the layers between without crossing their boxes", () => {
    const chain = Array.from({ length: 5 }, (_, i) => box(i, 60, 20 + 10 * i));
    const { boxes, paths } = layeredLayout(chain, [[0, 1], [1, 2], [2, 3], [3, 4], [0, 4]], "right"); // prettier-ignore
    const passing = paths[4].slice(2, -2);
    expect(passing).toHaveLength(6);
    for (const { x, y } of passing) {
      for (const b of boxes) {
        expect(Math.abs(x - b.x) < b.width / 2 + 8 && Math.abs(y - b.y) < b.height / 2).toBe(false);
      }
    }
  });

  it("keeps edges that come twice apart", () => {
    const { paths } = layeredLayout([box(0), box(1)], [[0, 1], [0, 1]], "down"); // prettier-ignore
    expect(paths.map((path) => path[0].x)).toEqual([27, 37]);
  });

  it("places the same graph the same way each time", () => {
    const draw = () => layeredLayout([box(0), box(1), box(2)], [[0, 2], [1, 2]], "down"); // prettier-ignore
    expect(draw()).toEqual(draw());
  });
});
