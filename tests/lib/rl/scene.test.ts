import { expect, it } from "vitest";
import { sceneToSvg, shape } from "../../../lib/src/rl";

it("writes a scene as an SVG file with a text alternative", () => {
  const shapes = [
    shape("line", { x1: 0.123456, y1: -1e-9, x2: 10, y2: 20, "stroke-width": 3 }),
    shape("text", { x: 1, y: 2, fill: '"<' }, "a < b & c"),
  ];
  const svg = sceneToSvg({ width: 30, height: 20, shapes }, "Pole & cart");
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="30" height="20" viewBox="0 0 30 20"/);
  expect(svg).toContain("<title>Pole &amp; cart</title>");
  expect(svg).toContain('<line x1="0.12" y1="0" x2="10" y2="20" stroke-width="3"/>');
  expect(svg).toContain('<text x="1" y="2" fill="&quot;&lt;">a &lt; b &amp; c</text></svg>');
});
