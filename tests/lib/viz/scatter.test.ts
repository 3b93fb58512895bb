import { describe, expect, it } from "vitest";
import { scatter } from "../../../lib/src/viz/scatter";

const options = { title: "t", x: "x", y: "y" };

describe("scatter", () => {
  it("says how many points it could not draw", () => {
    const chart = scatter(
      [
        { x: 1, y: 2 },
        { x: NaN, y: 1 },
        { x: 3, y: 4 },
      ],
      options,
    );
    expect(chart.title).toEqual({ text: "t", subtitle: "1 of 3 points are not finite and not shown" });
    expect(chart.description).toBe("t. 2 points: x from 1 to 3, y from 2 to 4.");
  });

  it("carries colour and name of each point", () => {
    const chart = scatter([{ x: 1, y: 2, kind: "CNN", who: "net 7" }], { ...options, series: "kind", label: "who" });
    expect((chart as unknown as { data: object }).data).toEqual({
      values: [{ x: 1, y: 2, kind: "CNN", who: "net 7" }],
    });
  });

  it("refuses rows of which none can be drawn", () => {
    expect(() => scatter([{ x: NaN, y: 1 }], options)).toThrow("no row whose x and y are finite");
  });
});
