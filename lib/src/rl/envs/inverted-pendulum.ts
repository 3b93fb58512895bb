import { mjcf } from "../mujoco";
import { MujocoEnv } from "../mujoco-env";

/** A cart on a rail of 2 m, and a pole of 0.6 m on a hinge. */
const model = mjcf(
  "mujoco",
  {},
  mjcf("size", { memory: "1M" }),
  mjcf("option", { gravity: [0, 0, -9.81], integrator: "RK4", timestep: 0.02 }),
  mjcf("default", {}, mjcf("joint", { damping: 1, limited: true }), mjcf("geom", { contype: 0, type: "capsule" })),
  mjcf(
    "worldbody",
    {},
    mjcf("geom", { quat: [0.707, 0, 0.707, 0], size: [0.02, 1] }),
    mjcf(
      "body",
      { name: "cart" },
      mjcf("joint", { name: "slider", type: "slide", axis: [1, 0, 0], range: [-1, 1] }),
      mjcf("geom", { quat: [0.707, 0, 0.707, 0], size: [0.1, 0.1] }),
      mjcf(
        "body",
        { name: "pole" },
        mjcf("joint", { name: "hinge", type: "hinge", axis: [0, 1, 0], range: [-90, 90] }),
        mjcf("geom", { fromto: [0, 0, 0, 0.001, 0, 0.6], size: 0.049 }),
      ),
    ),
  ),
  mjcf("actuator", {}, mjcf("motor", { joint: "slider", gear: 100, ctrllimited: true, ctrlrange: [-3, 3] })),
);

/**
 * CartPole in a physics engine, with a force from -3 to 3 on the cart (in 100 N). Reward 1 a step until the pole leans more
 * than 0.2 rad. Gymnasium's InvertedPendulum-v5.
 */
export class InvertedPendulum extends MujocoEnv {
  constructor() {
    super({ name: "InvertedPendulum", model, frameSkip: 2, hiddenPositions: 0 });
  }

  protected place(positions: Float64Array, speeds: Float64Array): void {
    for (const values of [positions, speeds]) values.forEach((_, i) => (values[i] += this.random.uniform(-0.01, 0.01)));
  }

  protected advance(action: Float32Array): number {
    this.simulate(action);
    this.terminated = Math.abs(this.state[1]) > 0.2;
    return (this.parts.survive = this.terminated ? 0 : 1);
  }

  protected view() {
    return { center: [0, 0.2], up: "z", scale: 180, height: 220 } as const;
  }
}
