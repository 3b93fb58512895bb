import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { jupyterDisplay } from "../../../lib/src/display";
import { shape, type Scene } from "../../../lib/src/rl";
import { animation } from "../../../lib/src/viz";

/** A disc that moves right, beside a wall that stays. */
const walk = (...places: number[]): Scene[] =>
  places.map((cx) => ({
    ...{ width: 60, height: 40 },
    shapes: [shape("line", { x1: 50, x2: 50, y1: 0, y2: 40, stroke: "#888" }), shape("circle", { cx, cy: 20, r: 5 })],
  }));

const html = (picture: ReturnType<typeof animation>) => picture[jupyterDisplay]().data["text/html"] as string;

describe("animation", () => {
  it("moves what moves, frame by frame, in a loop, and writes what stays once", () => {
    const [svg] = animation(walk(1, 2.25, 3), { title: "It walks", framesPerSecond: 2 }).svgs;
    expect(svg).toContain('<line x1="50" x2="50" y1="0" y2="40" stroke="#888"/>');
    expect(svg).toContain(
      '<circle cx="2.25" cy="20" r="5"><animate attributeName="cx" dur="1.5s" repeatCount="indefinite" ' +
        'calcMode="discrete" values="1;2.3;3"/></circle>',
    );
    expect(svg).not.toContain("script");
  });

  it("shows itself as an image with a text alternative, and as a line of text", () => {
    const picture = animation(walk(1, 2), { title: "It <walks>" });
    const description = "Animation: It <walks>. 0.07 s long, in a loop.";
    expect(inspect(picture)).toBe(description);
    expect(picture[jupyterDisplay]().data["text/plain"]).toBe(description);
    const [, source] = /<img src="data:image\/svg\+xml;base64,([^"]+)" width="60" height="40" alt="[^"]+">/.exec(
      html(picture),
    )!;
    expect(Buffer.from(source, "base64").toString()).toBe(picture.svgs[0]);
    expect(html(picture)).toMatch(/^<p><strong>It &lt;walks><\/strong><\/p>/);
    expect(inspect(animation(walk(1), { title: "T", description: "A disc." }))).toBe("A disc.");
  });

  it("plays panels in step: a shorter one waits at its end", () => {
    const picture = animation({ before: walk(1, 2), after: walk(5, 6, 7, 8) }, { title: "It learnt", columns: 1 });
    expect(picture.svgs[0]).toContain('values="1;2;2;2"');
    expect(picture.svgs[1]).toContain('values="5;6;7;8"');
    expect(html(picture).match(/<tr /g)).toHaveLength(2);
    expect(html(picture)).toMatch(/before<br><img [^>]*alt="before"/);
    expect(picture.description).toBe("Animation: It learnt. Side by side: before, after. 0.13 s long, in a loop.");
  });

  it("draws a single scene as a still picture", () => {
    expect(animation(walk(1), { title: "Still" }).svgs[0]).not.toContain("animate");
  });

  it("refuses no scenes, scenes that differ in their shapes, and options that are none", () => {
    expect(() => animation([], { title: "T" })).toThrow("animation() wants scenes to be at least one scene, got [].");
    expect(() => animation({}, { title: "T" })).toThrow(/at least one list of scenes/);
    const other: Scene = { width: 60, height: 40, shapes: [] };
    expect(() => animation({ a: [...walk(1), other] }, { title: "T" })).toThrow(
      /scenes of "a" at 1 to be of the same size and shapes as the first \(60 × 40: line circle\), got "60 × 40: "/,
    );
    expect(() => animation(walk(1), { title: "" })).toThrow(/title/);
    expect(() => animation(walk(1), { title: "T", framesPerSecond: 0 })).toThrow(/framesPerSecond/);
  });
});
