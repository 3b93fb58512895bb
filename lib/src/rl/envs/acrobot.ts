import type { RandomGenerator } from "../../random";
import { BaseEnv } from "../base-env";
import type { Numbers } from "../env";
import { shape, type Scene } from "../scene";
import { box, discrete, type Box, type Discrete } from "../spaces";
import { wrapAngle } from "./pendulum";

const GRAVITY = 9.8;
const DT = 0.2;
const MAX_SPEED_1 = 4 * Math.PI;
const MAX_SPEED_2 = 9 * Math.PI;
/** Both links are 1 m long and weigh 1 kg, with the centre of mass in the middle and a moment of inertia of 1 kg·m². */
const CENTRE = 0.5;
const INERTIA = 1;

type Motion = [angle1: number, angle2: number, speed1: number, speed2: number];

/**
 * Two rods, one hanging from the other, with a motor at the joint between them: torque -1 (0), none (1) or +1 (2). Reward
 * -1 a step until the tip is one length above the axle, 0 for the step that gets there. One Runge-Kutta step of 0.2 s for each.
 * Gymnasium's Acrobot-v1, number for number.
 *
 * Sutton: Generalization in reinforcement learning: successful examples using sparse coarse coding. 1996.
 */
export class Acrobot extends BaseEnv<Discrete, Box> {
  readonly name = "Acrobot";
  readonly actionSpace = discrete(3);
  readonly observationSpace = box([-1, -1, -1, -1, -MAX_SPEED_1, -MAX_SPEED_2], [1, 1, 1, 1, MAX_SPEED_1, MAX_SPEED_2]);
  /** Angle of the first rod from hanging, of the second from the first's line, in rad, and their speeds in rad/s. */
  readonly state = new Float64Array(4);

  protected begin(random: RandomGenerator): void {
    for (let i = 0; i < 4; i++) this.state[i] = Math.fround(random.uniform(-0.1, 0.1));
  }

  protected advance(action: number): number {
    const { state } = this;
    const [angle1, angle2, speed1, speed2] = rungeKutta([state[0], state[1], state[2], state[3]], action - 1);
    state[0] = wrapAngle(angle1);
    state[1] = wrapAngle(angle2);
    state[2] = Math.min(MAX_SPEED_1, Math.max(-MAX_SPEED_1, speed1));
    state[3] = Math.min(MAX_SPEED_2, Math.max(-MAX_SPEED_2, speed2));
    this.terminated = -Math.cos(state[0]) - Math.cos(state[1] + state[0]) > 1;
    return this.terminated ? 0 : -1;
  }

  /** Cosine and sine of both angles, and both speeds. */
  protected override observe(out: Numbers, at: number): void {
    const { state } = this;
    for (const i of [0, 1]) {
      out[at + 2 * i] = Math.cos(state[i]);
      out[at + 2 * i + 1] = Math.sin(state[i]);
      out[at + 4 + i] = state[2 + i];
    }
  }

  /** Both rods, and the height that the tip is to reach. */
  override draw(): Scene {
    const [size, length] = [240, 52];
    const [angle1, angle2] = this.state;
    const c = size / 2;
    const [x1, y1] = [c + Math.sin(angle1) * length, c + Math.cos(angle1) * length];
    const [x2, y2] = [x1 + Math.sin(angle1 + angle2) * length, y1 + Math.cos(angle1 + angle2) * length];
    const goal = { x1: 20, x2: size - 20, y1: c - length, y2: c - length };
    const shapes = [
      shape("line", { ...goal, stroke: "#888888", "stroke-dasharray": "4 6" }),
      shape("line", { x1: c, y1: c, x2: x1, y2: y1, stroke: "#2a7fc1", "stroke-width": 10 }),
      shape("line", { x1, y1, x2, y2, stroke: "#dd6414", "stroke-width": 10 }),
      shape("circle", { cx: c, cy: c, r: 3, fill: "#444444" }),
      shape("circle", { cx: x1, cy: y1, r: 3, fill: "#444444" }),
    ];
    return { width: size, height: size, shapes };
  }
}

/** One step of the classical fourth-order method of Runge and Kutta. */
function rungeKutta(s: Motion, torque: number): Motion {
  const k1 = slope(s, torque);
  const k2 = slope(along(s, DT / 2, k1), torque);
  const k3 = slope(along(s, DT / 2, k2), torque);
  const k4 = slope(along(s, DT, k3), torque);
  return s.map((x, i) => x + (DT / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i])) as Motion;
}

const along = (s: Motion, dt: number, k: Motion): Motion => [
  s[0] + dt * k[0],
  s[1] + dt * k[1],
  s[2] + dt * k[2],
  s[3] + dt * k[3],
];

/** How fast angles and speeds change: the equations of Sutton and Barto's book, which differ from the paper's in one term. */
function slope([angle1, angle2, speed1, speed2]: Motion, torque: number): Motion {
  const [cos2, sin2] = [Math.cos(angle2), Math.sin(angle2)];
  const d1 = CENTRE ** 2 + (1 + CENTRE ** 2 + 2 * CENTRE * cos2) + 2 * INERTIA;
  const d2 = CENTRE ** 2 + CENTRE * cos2 + INERTIA;
  const phi2 = CENTRE * GRAVITY * Math.cos(angle1 + angle2 - Math.PI / 2);
  const phi1 =
    -CENTRE * (speed2 * speed2) * sin2 -
    2 * CENTRE * speed2 * speed1 * sin2 +
    (CENTRE + 1) * GRAVITY * Math.cos(angle1 - Math.PI / 2) +
    phi2;
  const turn2 =
    (torque + (d2 / d1) * phi1 - CENTRE * (speed1 * speed1) * sin2 - phi2) / (CENTRE ** 2 + INERTIA - (d2 * d2) / d1);
  return [speed1, speed2, -(d2 * turn2 + phi1) / d1, turn2];
}
