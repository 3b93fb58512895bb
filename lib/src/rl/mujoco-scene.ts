import type { MjData, MjModel } from "@mujoco/mujoco";
import { palette } from "./palette";
import { shape, type Scene, type Shape } from "./scene";

export interface BodyView {
  /** What is in the middle of the picture, in m. */
  center: readonly [x: number, up: number];
  /** The axis that goes up in the picture: z from the side, y from above. */
  up: "y" | "z";
  /** Pixels a metre. */
  scale: number;
  /** Height of the picture in pixels; it is 460 wide. */
  height: number;
}

const WIDTH = 460;
/** MuJoCo's numbers for the kinds of shapes that are drawn. */
const PLANE = 0;
const CAPSULE = 3;

/** Capsules as thick lines, the floor as a line with a mark every metre: motion is seen against them. */
export function drawBodies(model: MjModel, data: MjData, view: BodyView): Scene {
  const types = model.geom_type as Int32Array;
  const sizes = model.geom_size as Float64Array;
  const places = data.geom_xpos as Float64Array;
  const turns = data.geom_xmat as Float64Array;
  const bodies = model.geom_bodyid as Int32Array;
  const axis = view.up === "z" ? 2 : 1;
  const x = (place: number) => WIDTH / 2 + (place - view.center[0]) * view.scale;
  const y = (place: number) => view.height / 2 - (place - view.center[1]) * view.scale;
  const shapes: Shape[] = marks(view, x, y);
  for (let g = 0; g < types.length; g++) {
    if (types[g] === PLANE) shapes.push(shape("line", { x1: 0, x2: WIDTH, y1: y(0), y2: y(0), stroke: "#888888" }));
    if (types[g] !== CAPSULE) continue;
    const half = sizes[3 * g + 1];
    // A capsule lies along its own z axis, the last column of its rotation.
    const [dx, dy] = [turns[9 * g + 2] * half, turns[9 * g + 3 * axis + 2] * half];
    const [px, py] = [places[3 * g], places[3 * g + axis]];
    const ends = { x1: x(px - dx), y1: y(py - dy), x2: x(px + dx), y2: y(py + dy) };
    const stroke = bodies[g] === 0 ? "#bbbbbb" : palette[(bodies[g] - 1) % palette.length];
    shapes.push(shape("line", { ...ends, stroke, "stroke-width": 2 * sizes[3 * g] * view.scale }));
  }
  return { width: WIDTH, height: view.height, shapes };
}

/** A short line every metre: as many as ever fit, so that each picture has the same number. */
function marks(view: BodyView, x: (place: number) => number, y: (place: number) => number): Shape[] {
  const count = Math.ceil(WIDTH / view.scale) + 1;
  const first = Math.ceil(view.center[0] - WIDTH / 2 / view.scale);
  return Array.from({ length: count }, (_, i) => {
    const place = first + i;
    const at = view.up === "z" ? y(0) : view.height;
    return shape("line", { x1: x(place), x2: x(place), y1: at, y2: at - 6, stroke: "#888888" });
  });
}
