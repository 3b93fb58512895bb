import type { MjData, MjModel } from "@mujoco/mujoco";
import { BaseEnv } from "./base-env";
import type { Info, Numbers } from "./env";
import { compileModel, mujoco, type MujocoEngine } from "./mujoco";
import { drawBodies } from "./mujoco-scene";
import type { Scene } from "./scene";
import { box, type Box } from "./spaces";

/** What a MuJoCo environment is made of. */
export interface MujocoTask {
  name: string;
  /** The body, in MJCF. */
  model: string;
  /** Steps of the engine for one of the environment. */
  frameSkip: number;
  /** Positions at the front that are not shown: where it is along the track must not matter. */
  hiddenPositions: number;
}

/** Memory of the engine that garbage collection doesn't see. */
const registry = new FinalizationRegistry<MjData>((data) => data.delete());

/**
 * A body with joints in MuJoCo, as in Gymnasium's environments of version 5: positions and speeds of all joints are its
 * state, motors' torques from -1 to 1 its actions (±3 for the pendulum's cart).
 *
 * `state` holds positions, speeds, and the accelerations from which the engine's solver starts: with all three, a step
 * comes out the same to the last bit. It is handed to the engine before every step, so that it may be set.
 */
export abstract class MujocoEnv extends BaseEnv<Box, Box> {
  readonly name: string;
  readonly actionSpace: Box;
  readonly observationSpace: Box;
  readonly state: Float64Array;
  /** Seconds of one step of the environment. */
  readonly dt: number;
  /** How many positions and how many speeds the state has. */
  protected readonly positions: number;
  protected readonly speeds: number;
  private readonly engine: MujocoEngine;
  private readonly model: MjModel;
  private readonly data: MjData;
  private readonly frameSkip: number;
  private readonly hidden: number;
  /** Views of the engine's memory: positions, speeds, start of the solver, controls. */
  private views: Float64Array[] = [];
  /** Parts of the last reward, and where it is. */
  protected readonly parts: Info = {};

  constructor({ name, model, frameSkip, hiddenPositions }: MujocoTask) {
    super();
    this.name = name;
    this.engine = mujoco(name);
    this.model = compileModel(name, model);
    this.data = new this.engine.MjData(this.model);
    registry.register(this, this.data, this);
    this.frameSkip = frameSkip;
    this.hidden = hiddenPositions;
    this.positions = this.model.nq;
    this.speeds = this.model.nv;
    this.dt = (this.model.opt as { timestep: number }).timestep * frameSkip;
    this.state = new Float64Array(this.positions + 2 * this.speeds);
    this.observationSpace = box(-Infinity, Infinity, [this.positions + this.speeds - hiddenPositions]);
    const bounds = this.model.actuator_ctrlrange as Float64Array;
    const bound = (side: number) => Float32Array.from({ length: this.model.nu }, (_, i) => bounds[2 * i + side]);
    this.actionSpace = box(bound(0), bound(1));
  }

  /** Puts positions and speeds, both 0 so far, at the start of an episode. */
  protected abstract place(positions: Float64Array, speeds: Float64Array): void;

  protected begin(): void {
    const { engine, model, data, state, positions, speeds } = this;
    engine.mj_resetData(model, data);
    state.fill(0);
    state.set(model.qpos0 as Float64Array);
    this.place(state.subarray(0, positions), state.subarray(positions, positions + speeds));
    this.write();
    engine.mj_forward(model, data);
    this.read();
  }

  /** Lets the motors pull for one step. @throws Error where the engine gave the simulation up */
  protected simulate(action: Float32Array): void {
    const { engine, model, data, frameSkip } = this;
    this.write();
    data.time = 1;
    this.memory()[3].set(action);
    for (let i = 0; i < frameSkip; i++) engine.mj_step(model, data);
    // MuJoCo starts anew at time 0, without a word, where numbers grow beyond measure.
    if (data.time < 1) {
      throw new Error(`step() of ${this.name} became unstable in MuJoCo. Remedy: reset(), and look at the actions.`);
    }
    this.read();
  }

  protected override observe(out: Numbers, at: number): void {
    const { state, hidden, positions, speeds } = this;
    for (let i = hidden; i < positions + speeds; i++) out[at + i - hidden] = state[i];
  }

  /** `weight · Σ action²`: what the motors cost, in float32 as NumPy computes it of float32 actions. */
  protected cost(weight: number, action: Float32Array): number {
    let sum = 0;
    for (const torque of action) sum = Math.fround(sum + Math.fround(torque * torque));
    return Math.fround(Math.fround(weight) * sum);
  }

  /** One step along x: leaves its speed and what the motors cost, as a loss, in `parts`. */
  protected run(action: Float32Array, weight: number): void {
    const { state, parts, dt } = this;
    const before = state[0];
    this.simulate(action);
    parts.x = state[0];
    parts.forward = (state[0] - before) / dt;
    parts.control = -this.cost(weight, action);
  }

  override info(): Info {
    return { ...this.parts };
  }

  /** The body from the side, the camera moving along with it. */
  override draw(): Scene {
    this.write();
    this.engine.mj_kinematics(this.model, this.data);
    return drawBodies(this.model, this.data, this.view());
  }

  /** Where the camera is, which plane it sees, and how large. */
  protected abstract view(): { center: readonly [number, number]; up: "y" | "z"; scale: number; height: number };

  override close(): void {
    registry.unregister(this);
    this.data.delete();
  }

  private write(): void {
    const { state, positions, speeds } = this;
    const [qpos, qvel, start] = this.memory();
    for (let i = 0; i < positions; i++) qpos[i] = state[i];
    for (let i = 0; i < speeds; i++) {
      qvel[i] = state[positions + i];
      start[i] = state[positions + speeds + i];
    }
  }

  private read(): void {
    const { state, positions, speeds } = this;
    const [qpos, qvel, start] = this.memory();
    state.set(qpos, 0);
    state.set(qvel, positions);
    state.set(start, positions + speeds);
  }

  /** Views are cut off from the memory where that grows; then they are taken anew. */
  private memory(): Float64Array[] {
    if (this.views.length === 0 || this.views[0].length === 0) {
      const { qpos, qvel, qacc_warmstart, ctrl } = this.data;
      this.views = [qpos, qvel, qacc_warmstart, ctrl] as Float64Array[];
    }
    return this.views;
  }
}
