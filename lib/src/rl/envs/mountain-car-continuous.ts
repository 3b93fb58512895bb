import type { RandomGenerator } from "../../random";
import { BaseEnv } from "../base-env";
import { box, type Box } from "../spaces";
import type { Scene } from "../scene";
import { drawHills } from "./mountain-car";

const f32 = Math.fround;
const MIN_POSITION = f32(-1.2);
const MAX_POSITION = f32(0.6);
const MAX_SPEED = f32(0.07);
const POWER = 0.0015;
const GRAVITY = 0.0025;
const GOAL = f32(0.45);

/**
 * The car between two hills with a force from -1 to 1: reward 100 at the goal, less `0.1 · action²` a step, counted on the
 * action as it was given, beyond its bounds too. Whoever does nothing gets 0, whoever tries without arriving gets less:
 * exploration must arrive before it is given up. Gymnasium's MountainCarContinuous-v0, number for number.
 *
 * Gymnasium keeps the state in float32 after the first step, and NumPy 2 then computes in float32 as well; hence `f32` at
 * every operation. Only what Python itself computes, the gravity and a force that was cut to its bounds, is in float64.
 */
export class MountainCarContinuous extends BaseEnv<Box, Box> {
  readonly name = "MountainCarContinuous";
  readonly actionSpace = box(-1, 1);
  readonly observationSpace = box([MIN_POSITION, -MAX_SPEED], [MAX_POSITION, MAX_SPEED]);
  /** The car's place, and its speed in places a step. */
  readonly state = new Float64Array(2);

  protected begin(random: RandomGenerator): void {
    this.state.set([random.uniform(-0.6, -0.4), 0]);
  }

  protected advance(action: Float32Array): number {
    const { state } = this;
    // Before the first step the place is a float64, which widens what it is added to.
    const round = f32(state[0]) === state[0] ? f32 : (value: number) => value;
    const pull = GRAVITY * Math.cos(round(3 * state[0]));
    const force = action[0];
    const push = force > 1 ? POWER - pull : force < -1 ? -POWER - pull : f32(f32(force * f32(POWER)) - f32(pull));
    let speed = round(state[1] + round(push));
    speed = Math.min(MAX_SPEED, Math.max(-MAX_SPEED, speed));
    const position = Math.min(MAX_POSITION, Math.max(MIN_POSITION, round(state[0] + speed)));
    if (position === MIN_POSITION && speed < 0) speed = 0;
    state[0] = f32(position);
    state[1] = f32(speed);
    this.terminated = position >= GOAL && speed >= 0;
    return (this.terminated ? 100 : 0) - force * force * 0.1;
  }

  override draw(): Scene {
    return drawHills(this.state[0], GOAL);
  }
}
