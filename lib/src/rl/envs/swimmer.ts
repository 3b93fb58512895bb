import { mjcf, type MjcfAttributes } from "../mujoco";
import { MujocoEnv } from "../mujoco-env";

const hinge = { type: "hinge", axis: [0, 0, 1] } as const;
const bend = (name: string): MjcfAttributes => ({ name, ...hinge, limited: true, range: [-100, 100] });
const link = { fromto: [0, 0, 0, -1, 0, 0] } as const;

/** Three links of 1 m in a thick fluid, seen from above. */
const model = mjcf(
  "mujoco",
  {},
  mjcf("size", { memory: "1M" }),
  mjcf("option", { density: 4000, viscosity: 0.1, integrator: "RK4", timestep: 0.01 }),
  mjcf(
    "default",
    {},
    mjcf("geom", { contype: 0, conaffinity: 0, condim: 1, density: 1000, type: "capsule", size: 0.1 }),
    mjcf("joint", { armature: 0.1 }),
  ),
  mjcf(
    "worldbody",
    {},
    mjcf(
      "body",
      { name: "front" },
      mjcf("geom", { fromto: [1.5, 0, 0, 0.5, 0, 0] }),
      mjcf("joint", { name: "x", type: "slide", axis: [1, 0, 0] }),
      mjcf("joint", { name: "y", type: "slide", axis: [0, 1, 0] }),
      mjcf("joint", { name: "turn", ...hinge }),
      mjcf(
        "body",
        { name: "middle", pos: [0.5, 0, 0] },
        mjcf("geom", link),
        mjcf("joint", bend("first")),
        mjcf("body", { name: "back", pos: [-1, 0, 0] }, mjcf("geom", link), mjcf("joint", bend("second"))),
      ),
    ),
  ),
  mjcf(
    "actuator",
    {},
    ...["first", "second"].map((joint) => mjcf("motor", { joint, gear: 150, ctrllimited: true, ctrlrange: [-1, 1] })),
  ),
);

/**
 * Three links that swim by bending at two joints. Reward: speed along x less `0.0001 · Σ action²`; it never ends by itself.
 * Gymnasium's Swimmer-v5. Coulom: Reinforcement learning using neural networks, with applications to motor control. 2002.
 */
export class Swimmer extends MujocoEnv {
  constructor() {
    super({ name: "Swimmer", model, frameSkip: 4, hiddenPositions: 2 });
  }

  protected place(positions: Float64Array, speeds: Float64Array): void {
    for (const values of [positions, speeds]) values.forEach((_, i) => (values[i] += this.random.uniform(-0.1, 0.1)));
  }

  protected advance(action: Float32Array): number {
    this.run(action, 1e-4);
    return this.parts.forward + this.parts.control;
  }

  protected view() {
    return { center: [this.state[0], 0], up: "y", scale: 70, height: 260 } as const;
  }
}
