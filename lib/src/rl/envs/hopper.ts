import type { Numbers } from "../env";
import { free, mjcf } from "../mujoco";
import { MujocoEnv } from "../mujoco-env";

const bend = (name: string, from: number, to: number, pos: readonly number[]) =>
  mjcf("joint", { name, type: "hinge", axis: [0, -1, 0], pos, range: [from, to] });
const torsoHalf = 1.25 - 1.05;
const thighHalf = (1.05 - 0.6) / 2;

/** A torso of 0.4 m, a thigh of 0.45 m, a leg of 0.5 m and a foot, one above the other on a floor. */
const model = mjcf(
  "mujoco",
  {},
  mjcf("compiler", { angle: "degree" }),
  mjcf("size", { memory: "1M" }),
  mjcf("option", { integrator: "RK4", timestep: 0.002 }),
  mjcf(
    "default",
    {},
    mjcf("joint", { armature: 1, damping: 1, limited: true }),
    mjcf("geom", { condim: 1, margin: 0.001, solimp: [0.8, 0.8, 0.01], solref: [0.02, 1], type: "capsule" }),
    mjcf("motor", { ctrllimited: true, ctrlrange: [-1, 1], gear: 200 }),
  ),
  mjcf(
    "worldbody",
    {},
    mjcf("geom", { type: "plane", condim: 3, size: [20, 20, 0.125] }),
    mjcf(
      "body",
      { name: "torso", pos: [0, 0, 1.25] },
      mjcf("joint", { name: "x", type: "slide", axis: [1, 0, 0], pos: [0, 0, -1.25], ...free }),
      mjcf("joint", { name: "z", type: "slide", axis: [0, 0, 1], pos: [0, 0, -1.25], ref: 1.25, ...free }),
      mjcf("joint", { name: "turn", type: "hinge", axis: [0, 1, 0], ...free }),
      mjcf("geom", { friction: 0.9, size: [0.05, torsoHalf] }),
      mjcf(
        "body",
        { name: "thigh", pos: [0, 0, -torsoHalf] },
        bend("hip", -150, 0, [0, 0, 0]),
        mjcf("geom", { friction: 0.9, pos: [0, 0, -thighHalf], size: [0.05, thighHalf] }),
        mjcf(
          "body",
          { name: "leg", pos: [0, 0, -0.7] },
          bend("knee", -150, 0, [0, 0, 0.25]),
          mjcf("geom", { friction: 0.9, size: [0.04, 0.25] }),
          mjcf(
            "body",
            { name: "foot", pos: [0.13, 0, -0.35] },
            bend("ankle", -45, 45, [-0.13, 0, 0.1]),
            mjcf("geom", {
              ...{ friction: 2, pos: [-0.065, 0, 0.1], size: [0.06, 0.195] },
              quat: [Math.SQRT1_2, 0, -Math.SQRT1_2, 0],
            }),
          ),
        ),
      ),
    ),
  ),
  mjcf("actuator", {}, ...["hip", "knee", "ankle"].map((joint) => mjcf("motor", { joint }))),
);

/**
 * One leg with three joints that hops along. Reward: speed, plus 1 a step while it stands (above 0.7 m, leaning less than
 * 0.2 rad), less `0.001 · Σ action²`; it ends where it falls. Gymnasium's Hopper-v5. Erez, Tassa, Todorov, 2011.
 */
export class Hopper extends MujocoEnv {
  constructor() {
    super({ name: "Hopper", model, frameSkip: 4, hiddenPositions: 1 });
  }

  protected place(positions: Float64Array, speeds: Float64Array): void {
    for (const values of [positions, speeds]) values.forEach((_, i) => (values[i] += this.random.uniform(-5e-3, 5e-3)));
  }

  protected advance(action: Float32Array): number {
    const { parts } = this;
    this.run(action, 1e-3);
    this.terminated = !this.stands();
    parts.survive = this.terminated ? 0 : 1;
    return parts.forward + parts.survive + parts.control;
  }

  private stands(): boolean {
    const { state, positions, speeds } = this;
    for (let i = 2; i < positions + speeds; i++) if (!(Math.abs(state[i]) < 100)) return false;
    return state[1] > 0.7 && Math.abs(state[2]) < 0.2;
  }

  /** Speeds are cut at ±10, as Gymnasium cuts them. */
  protected override observe(out: Numbers, at: number): void {
    super.observe(out, at);
    const from = at + this.positions - 1;
    for (let i = from; i < from + this.speeds; i++) out[i] = Math.min(10, Math.max(-10, out[i]));
  }

  protected view() {
    return { center: [this.state[0], 0.8], up: "z", scale: 130, height: 260 } as const;
  }
}
