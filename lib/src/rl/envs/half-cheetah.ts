import { free, mjcf } from "../mujoco";
import { MujocoEnv } from "../mujoco-env";

interface Limb {
  name: string;
  /** Where it hangs on the part above, x and z in m. */
  at: readonly [number, number];
  /** How far it turns, in rad. */
  range: readonly [number, number];
  /** The spring that pulls it back, N·m/rad, and its friction, N·m·s/rad. */
  stiffness: number;
  damping: number;
  /** The capsule: how it is turned in rad, its middle, half its length in m. */
  turned: number;
  middle: readonly [number, number];
  half: number;
  /** Torque of its motor at action 1, in N·m. */
  gear: number;
}

const back: readonly Limb[] = [
  {
    ...{ name: "back thigh", at: [-0.5, 0], range: [-0.52, 1.05], stiffness: 240, damping: 6, gear: 120 },
    ...{ turned: -3.8, middle: [0.1, -0.13], half: 0.145 },
  },
  {
    ...{ name: "back shin", at: [0.16, -0.25], range: [-0.785, 0.785], stiffness: 180, damping: 4.5, gear: 90 },
    ...{ turned: -2.03, middle: [-0.14, -0.07], half: 0.15 },
  },
  {
    ...{ name: "back foot", at: [-0.28, -0.14], range: [-0.4, 0.785], stiffness: 120, damping: 3, gear: 60 },
    ...{ turned: -0.27, middle: [0.03, -0.097], half: 0.094 },
  },
];
const front: readonly Limb[] = [
  {
    ...{ name: "front thigh", at: [0.5, 0], range: [-1, 0.7], stiffness: 180, damping: 4.5, gear: 120 },
    ...{ turned: 0.52, middle: [-0.07, -0.12], half: 0.133 },
  },
  {
    ...{ name: "front shin", at: [-0.14, -0.24], range: [-1.2, 0.87], stiffness: 120, damping: 3, gear: 60 },
    ...{ turned: -0.6, middle: [0.065, -0.09], half: 0.106 },
  },
  {
    ...{ name: "front foot", at: [0.13, -0.18], range: [-0.5, 0.5], stiffness: 60, damping: 1.5, gear: 30 },
    ...{ turned: -0.6, middle: [0.045, -0.07], half: 0.07 },
  },
];

const RADIUS = 0.046;

/** A leg, from its first limb down. */
function leg([limb, ...below]: readonly Limb[]): string {
  if (limb === undefined) return "";
  const { name, at, range, stiffness, damping, turned, middle, half } = limb;
  return mjcf(
    "body",
    { name, pos: [at[0], 0, at[1]] },
    mjcf("joint", { name, type: "hinge", axis: [0, 1, 0], range, stiffness, damping }),
    mjcf("geom", { axisangle: [0, 1, 0, turned], pos: [middle[0], 0, middle[1]], size: [RADIUS, half] }),
    leg(below),
  );
}

/** A torso of 1 m with a head and two legs of three limbs each, 14 kg, on a floor. */
const model = mjcf(
  "mujoco",
  {},
  mjcf("compiler", { angle: "radian", settotalmass: 14 }),
  mjcf("size", { memory: "1M" }),
  mjcf("option", { gravity: [0, 0, -9.81], timestep: 0.01 }),
  mjcf(
    "default",
    {},
    mjcf("joint", { armature: 0.1, limited: true, solimplimit: [0, 0.8, 0.03], solreflimit: [0.02, 1] }),
    mjcf("geom", {
      ...{ contype: 1, conaffinity: 0, condim: 3, friction: [0.4, 0.1, 0.1] },
      ...{ solimp: [0, 0.8, 0.01], solref: [0.02, 1], type: "capsule" },
    }),
    mjcf("motor", { ctrllimited: true, ctrlrange: [-1, 1] }),
  ),
  mjcf(
    "worldbody",
    {},
    mjcf("geom", { type: "plane", conaffinity: 1, size: [40, 40, 40] }),
    mjcf(
      "body",
      { name: "torso", pos: [0, 0, 0.7] },
      mjcf("joint", { name: "x", type: "slide", axis: [1, 0, 0], ...free }),
      mjcf("joint", { name: "z", type: "slide", axis: [0, 0, 1], ...free }),
      mjcf("joint", { name: "turn", type: "hinge", axis: [0, 1, 0], ...free }),
      mjcf("geom", { fromto: [-0.5, 0, 0, 0.5, 0, 0], size: RADIUS }),
      mjcf("geom", { axisangle: [0, 1, 0, 0.87], pos: [0.6, 0, 0.1], size: [RADIUS, 0.15] }),
      leg(back),
      leg(front),
    ),
  ),
  mjcf("actuator", {}, ...[...back, ...front].map(({ name, gear }) => mjcf("motor", { joint: name, gear }))),
);

/**
 * A flat cat with six joints that runs: 17 observations, 6 actions. Reward: speed less `0.1 · Σ action²`; it never ends by
 * itself, not even on its back. Gymnasium's HalfCheetah-v5. Wawrzyński: A cat-like robot real-time learning to run. 2009.
 */
export class HalfCheetah extends MujocoEnv {
  constructor() {
    super({ name: "HalfCheetah", model, frameSkip: 5, hiddenPositions: 1 });
  }

  protected place(positions: Float64Array, speeds: Float64Array): void {
    positions.forEach((_, i) => (positions[i] += this.random.uniform(-0.1, 0.1)));
    speeds.forEach((_, i) => (speeds[i] += 0.1 * this.random.normal()));
  }

  protected advance(action: Float32Array): number {
    this.run(action, 0.1);
    return this.parts.forward + this.parts.control;
  }

  protected view() {
    return { center: [this.state[0], 0.45], up: "z", scale: 150, height: 220 } as const;
  }
}
