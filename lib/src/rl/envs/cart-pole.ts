import type { RandomGenerator } from "../../random";
import { BaseEnv } from "../base-env";
import { shape, type Scene } from "../scene";
import { box, discrete, type Box, type Discrete } from "../spaces";

const GRAVITY = 9.8;
const CART_MASS = 1;
const POLE_MASS = 0.1;
const TOTAL_MASS = CART_MASS + POLE_MASS;
const HALF_LENGTH = 0.5;
const FORCE = 10;
const TAU = 0.02;
const MAX_X = 2.4;
const MAX_THETA = (12 * 2 * Math.PI) / 360;

/**
 * A pole on a cart that is pushed left (0) or right (1) with 10 N, fifty times a second. Reward 1 for every step until the
 * pole leans more than 12° or the cart leaves ±2.4 m. Gymnasium's CartPole-v1, number for number.
 *
 * Barto, Sutton, Anderson: Neuronlike adaptive elements that can solve difficult learning control problems. 1983.
 */
export class CartPole extends BaseEnv<Discrete, Box> {
  readonly name = "CartPole";
  readonly actionSpace = discrete(2);
  readonly observationSpace = box(
    [-2 * MAX_X, -Infinity, -2 * MAX_THETA, -Infinity],
    [2 * MAX_X, Infinity, 2 * MAX_THETA, Infinity],
  );
  /** The cart's place in m and its speed in m/s, the pole's angle from upright in rad and its speed in rad/s. */
  readonly state = new Float64Array(4);

  protected begin(random: RandomGenerator): void {
    for (let i = 0; i < 4; i++) this.state[i] = random.uniform(-0.05, 0.05);
  }

  protected advance(action: number): number {
    const { state } = this;
    const [x, v, theta, omega] = [state[0], state[1], state[2], state[3]];
    const [cos, sin] = [Math.cos(theta), Math.sin(theta)];
    const poleMoment = POLE_MASS * HALF_LENGTH;
    const push = ((action === 1 ? FORCE : -FORCE) + poleMoment * (omega * omega) * sin) / TOTAL_MASS;
    const angular = (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4 / 3 - (POLE_MASS * (cos * cos)) / TOTAL_MASS));
    const linear = push - (poleMoment * angular * cos) / TOTAL_MASS;
    state[0] = x + TAU * v;
    state[1] = v + TAU * linear;
    state[2] = theta + TAU * omega;
    state[3] = omega + TAU * angular;
    this.terminated = Math.abs(state[0]) > MAX_X || Math.abs(state[2]) > MAX_THETA;
    return 1;
  }

  /** The cart on its track and the pole, at 100 pixels a metre. */
  override draw(): Scene {
    const [width, height, scale, rail] = [500, 200, 100, 150];
    const [x, , theta] = this.state;
    const [cx, cy] = [width / 2 + x * scale, rail - 12];
    const [tipX, tipY] = [cx + Math.sin(theta) * scale, cy - Math.cos(theta) * scale];
    const shapes = [
      shape("line", {
        x1: width / 2 - MAX_X * scale,
        x2: width / 2 + MAX_X * scale,
        y1: rail,
        y2: rail,
        stroke: "#888888",
      }),
      shape("rect", { x: cx - 25, y: cy - 6, width: 50, height: 18, rx: 3, fill: "#444444" }),
      shape("line", { x1: cx, y1: cy, x2: tipX, y2: tipY, stroke: "#dd6414", "stroke-width": 8 }),
      shape("circle", { cx, cy, r: 4, fill: "#2a7fc1" }),
    ];
    return { width, height, shapes };
  }
}
