import type { RandomGenerator } from "../../random";
import { BaseEnv } from "../base-env";
import { shape, type Scene } from "../scene";
import { box, discrete, type Box, type Discrete } from "../spaces";

const MIN_POSITION = -1.2;
const MAX_POSITION = 0.6;
const MAX_SPEED = 0.07;
const FORCE = 0.001;
const GRAVITY = 0.0025;
const GOAL = 0.5;

/**
 * A car between two hills, too weak to climb the right one at one go: push left (0), not at all (1) or right (2). Reward
 * -1 a step until it is there, so that nothing is learnt before it was there once. Gymnasium's MountainCar-v0, number for
 * number. Moore, 1990.
 */
export class MountainCar extends BaseEnv<Discrete, Box> {
  readonly name = "MountainCar";
  readonly actionSpace = discrete(3);
  readonly observationSpace = box([MIN_POSITION, -MAX_SPEED], [MAX_POSITION, MAX_SPEED]);
  /** The car's place, and its speed in places a step. */
  readonly state = new Float64Array(2);

  protected begin(random: RandomGenerator): void {
    this.state.set([random.uniform(-0.6, -0.4), 0]);
  }

  protected advance(action: number): number {
    const { state } = this;
    const push = (action - 1) * FORCE + Math.cos(3 * state[0]) * -GRAVITY;
    let speed = Math.min(MAX_SPEED, Math.max(-MAX_SPEED, state[1] + push));
    const position = Math.min(MAX_POSITION, Math.max(MIN_POSITION, state[0] + speed));
    if (position === MIN_POSITION && speed < 0) speed = 0;
    state[0] = position;
    state[1] = speed;
    this.terminated = position >= GOAL && speed >= 0;
    return -1;
  }

  override draw(): Scene {
    return drawHills(this.state[0], GOAL);
  }
}

/** The car on its hills, and a flag at the goal. */
export function drawHills(position: number, goal: number): Scene {
  const [width, height, scale] = [360, 240, 200];
  const x = (place: number) => (place - MIN_POSITION) * scale;
  const y = (place: number) => height - 30 - (Math.sin(3 * place) * 0.45 + 0.55) * 150;
  const places = Array.from({ length: 73 }, (_, i) => MIN_POSITION + i / 40);
  const hills = places.map((place) => `${x(place).toFixed(1)},${y(place).toFixed(1)}`).join(" ");
  const flag = { x1: x(goal), x2: x(goal) };
  const shapes = [
    shape("polyline", { points: hills, fill: "none", stroke: "#888888", "stroke-width": 2 }),
    shape("line", { ...flag, y1: y(goal), y2: y(goal) - 40, stroke: "#444444", "stroke-width": 2 }),
    shape("polygon", { points: pennant(x(goal), y(goal) - 40), fill: "#c98d00" }),
    shape("circle", { cx: x(position), cy: y(position) - 9, r: 9, fill: "#dd6414" }),
  ];
  return { width, height, shapes };
}

const pennant = (x: number, y: number): string =>
  `${x.toFixed(1)},${y.toFixed(1)} ${(x - 18).toFixed(1)},${(y + 6).toFixed(1)} ${x.toFixed(1)},${(y + 12).toFixed(1)}`;
