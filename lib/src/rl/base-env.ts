import { generator, type RandomGenerator, type RandomState } from "../random";
import { Env, refuseAction, type Numbers, type SavedEnv } from "./env";
import type { Scene } from "./scene";
import { describeMember, type Member, type Space } from "./spaces";

/**
 * The class to extend for an environment of one's own: two spaces, a state, how it begins and how it moves on.
 *
 * All that changes from step to step is in `state`, so that saving, loading and setting up a situation come for nothing.
 *
 * @example
 * class Walk extends rl.BaseEnv<rl.Discrete, rl.Box> {
 *   readonly name = "Walk";
 *   readonly actionSpace = rl.discrete(2);
 *   readonly observationSpace = rl.box(-5, 5);
 *   readonly state = new Float64Array(1);
 *   protected begin() { this.state[0] = 0; }
 *   protected advance(action: number) {
 *     this.state[0] += action === 1 ? 1 : -1;
 *     this.terminated = Math.abs(this.state[0]) === 5;
 *     return this.state[0] === 5 ? 1 : 0;
 *   }
 * }
 */
export abstract class BaseEnv<A extends Space = Space, O extends Space = Space> extends Env<A, O> {
  /** All that changes from step to step; set it to put the environment into a situation. */
  abstract readonly state: Float64Array;
  terminated = false;
  truncated = false;
  protected random: RandomGenerator = generator(0);
  private ready = false;
  private box?: Float32Array;

  /** Puts `state` at the start of an episode. */
  protected abstract begin(random: RandomGenerator): void;

  /** Moves `state` one step on, sets `terminated` where that ended the task (or `truncated`), and gives the reward. */
  protected abstract advance(action: Member<A>): number;

  /** Writes what is seen of the state. @default all of it as it stands; of a `Discrete` space, the first number's choice */
  protected observe(out: Numbers, at: number): void {
    const { observationSpace, state } = this;
    const { size } = observationSpace;
    if (observationSpace.kind === "discrete") writeChoice(out, at, size, state[0]);
    else for (let i = 0; i < size; i++) out[at + i] = state[i];
  }

  resetInto(out: Numbers, at = 0, seed?: number): void {
    if (seed !== undefined) this.random = generator(seed);
    this.terminated = this.truncated = false;
    this.begin(this.random);
    this.ready = true;
    this.observe(out, at);
    this.checkObservation("reset()", out, at);
  }

  stepInto(actions: ArrayLike<number>, from: number, out: Numbers, at = 0): number {
    if (!this.ready || this.terminated || this.truncated) this.refuseStep();
    const reward = this.advance(this.readAction(actions, from));
    this.observe(out, at);
    if (!Number.isFinite(reward)) {
      throw new RangeError(
        `step() of ${this.name} gave the reward ${reward}. Remedy: look for a division by zero in it.`,
      );
    }
    this.checkObservation("step()", out, at);
    return reward;
  }

  private readAction(actions: ArrayLike<number>, from: number): Member<A> {
    const space: Space = this.actionSpace;
    if (space.kind === "discrete") {
      const choice = actions[from];
      if (!(choice >= 0 && choice < space.n && choice === Math.floor(choice))) refuseAction(this.name, space, choice);
      return choice as Member<A>;
    }
    const action = (this.box ??= new Float32Array(space.size));
    for (let i = 0; i < action.length; i++) {
      action[i] = actions[from + i];
      if (!Number.isFinite(action[i])) this.refuseNumber(actions[from + i], i);
    }
    return action as Member<A>;
  }

  private refuseNumber(value: unknown, at: number): never {
    throw new RangeError(
      `step() of ${this.name} wants finite numbers as its action, got ${describeMember(value)} at ${at}. ` +
        "Remedy: look at what gave the action; a policy whose loss became NaN gives nothing else.",
    );
  }

  private refuseStep(): never {
    const when = this.ready ? "after the end of the episode" : "before the first reset";
    throw new Error(`step() of ${this.name} was called ${when}. Remedy: call reset() first.`);
  }

  private checkObservation(where: string, out: Numbers, at: number): void {
    for (let i = at; i < at + this.observationSpace.size; i++) {
      if (Number.isFinite(out[i])) continue;
      throw new RangeError(
        `${where} of ${this.name} gave ${out[i]} at ${i - at} of its observation. ` +
          "Remedy: bound the state, or end the episode before it grows without limit.",
      );
    }
  }

  /** @throws Error: this environment has no picture; give it one by a `draw` of its own */
  draw(): Scene {
    throw new Error(`${this.name} has no picture. Remedy: give its class a draw() that returns a scene of shapes.`);
  }

  save(): SavedEnv {
    const { state, terminated, truncated, ready } = this;
    return { state: Array.from(state), random: this.random.state(), terminated, truncated, ready };
  }

  load(saved: SavedEnv): void {
    const { state, random, terminated, truncated, ready } = saved as ReturnType<BaseEnv["save"]> & {
      state: number[];
      random: RandomState;
      terminated: boolean;
      truncated: boolean;
      ready: boolean;
    };
    this.state.set(state);
    this.random.restore(random);
    Object.assign(this, { terminated, truncated, ready });
  }
}

/** One number a choice, 1 for the one that is: how networks see a `Discrete` observation. */
export function writeChoice(out: Numbers, at: number, n: number, choice: number): void {
  out.fill(0, at, at + n);
  out[at + choice] = 1;
}
