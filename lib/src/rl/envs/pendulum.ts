import type { RandomGenerator } from "../../random";
import { BaseEnv } from "../base-env";
import type { Numbers } from "../env";
import { shape, type Scene } from "../scene";
import { box, type Box } from "../spaces";

const GRAVITY = 10;
const DT = 0.05;
const MAX_SPEED = 8;
const MAX_TORQUE = 2;
const TURN = 2 * Math.PI;
/** Gymnasium's actions are float32, and NumPy 2 keeps what is made of them and plain numbers in float32. */
const EFFORT = Math.fround(0.001);

/**
 * A rod to swing up and hold by a torque within ±2 N·m, too weak to lift it at one go. 20 steps a second; it never ends by
 * itself. Reward `-(angle² + 0.1 · speed² + 0.001 · torque²)`, the angle from upright before the step, 0 at best. Gymnasium's
 * Pendulum-v1, number for number.
 */
export class Pendulum extends BaseEnv<Box, Box> {
  readonly name = "Pendulum";
  readonly actionSpace = box(-MAX_TORQUE, MAX_TORQUE);
  readonly observationSpace = box([-1, -1, -MAX_SPEED], [1, 1, MAX_SPEED]);
  /** Angle from upright in rad, counted on over full turns, speed in rad/s, and the last torque in N·m. */
  readonly state = new Float64Array(3);

  protected begin(random: RandomGenerator): void {
    this.state.set([random.uniform(-Math.PI, Math.PI), random.uniform(-1, 1), 0]);
  }

  protected advance(action: Float32Array): number {
    const { state } = this;
    const theta = state[0];
    const speed = state[1];
    const torque = clamp(action[0], MAX_TORQUE);
    const angle = wrapAngle(theta);
    const cost = angle * angle + 0.1 * (speed * speed) + Math.fround(EFFORT * Math.fround(torque * torque));
    const next = speed + (((3 * GRAVITY) / 2) * Math.sin(theta) + Math.fround(3 * torque)) * DT;
    state[1] = clamp(next, MAX_SPEED);
    state[0] = theta + state[1] * DT;
    state[2] = torque;
    return -cost;
  }

  /** `[cos(angle), sin(angle), speed]`: no jump where the angle begins anew. */
  protected override observe(out: Numbers, at: number): void {
    out[at] = Math.cos(this.state[0]);
    out[at + 1] = Math.sin(this.state[0]);
    out[at + 2] = this.state[1];
  }

  /** The rod, and the torque as an arc around its axle. */
  override draw(): Scene {
    const [size, length] = [220, 80];
    const [theta, , torque] = this.state;
    const c = size / 2;
    const rod = { x1: c, y1: c, x2: c - Math.sin(theta) * length, y2: c - Math.cos(theta) * length };
    const bend = torque * 0.9; // counter-clockwise where positive, as the angle
    const arc = Array.from({ length: 8 }, (_, i) => {
      const angle = (bend * i) / 7;
      return `${(c - 26 * Math.sin(angle)).toFixed(1)},${(c - 26 * Math.cos(angle)).toFixed(1)}`;
    });
    const shapes = [
      shape("line", { ...rod, stroke: "#dd6414", "stroke-width": 14 }),
      shape("polyline", { points: arc.join(" "), fill: "none", stroke: "#2a7fc1", "stroke-width": 3 }),
      shape("circle", { cx: c, cy: c, r: 4, fill: "#444444" }),
    ];
    return { width: size, height: size, shapes };
  }
}

const clamp = (value: number, bound: number): number => Math.min(bound, Math.max(-bound, value));

/** The same angle between -π and π. */
export function wrapAngle(angle: number): number {
  const rest = (angle + Math.PI) % TURN;
  return (rest < 0 ? rest + TURN : rest) - Math.PI;
}
