import { refuse } from "../check";
import { sceneToSvg, type Scene } from "./scene";
import { describeMember, describeSpace, type Member, type MemberLike, type Space } from "./spaces";

/** Where observations go: flat, in float32 for networks, in float64 for whoever wants them exact. */
export type Numbers = Float32Array | Float64Array;

/** What an environment tells beside the observation, such as the parts of a reward. */
export type Info = Record<string, number>;

export interface ResetOptions {
  /** Starts the environment's random numbers anew. @default they go on; before the first reset, 0 */
  seed?: number;
}

export interface ResetResult<O extends Space = Space> {
  observation: Member<O>;
  info: Info;
}

export interface StepResult<O extends Space = Space> {
  observation: Member<O>;
  reward: number;
  /** The task itself came to an end: nothing is to be gained after this. */
  terminated: boolean;
  /** It was cut short, by a time limit: more would have come, so a value function still counts on it. */
  truncated: boolean;
  info: Info;
}

/** All that an environment knows, as plain data: put into a checkpoint, its episode goes on where it was. */
export type SavedEnv = { readonly [name: string]: unknown };

/** What a registry knows of an environment. */
export interface EnvSpec {
  readonly id: string;
  /** After so many steps an episode is truncated. */
  readonly maxEpisodeSteps?: number;
  /** The mean return over 100 episodes from which the task counts as solved. */
  readonly rewardThreshold?: number;
}

/**
 * A task to learn by trial: Gymnasium's interface, `reset` and `step`, and beneath it the same two in place, by which
 * many environments share flat arrays without making garbage at every step.
 *
 * An own environment extends `BaseEnv`; one around another extends `Wrapper`.
 *
 * Towers et al.: Gymnasium: a standard interface for reinforcement learning environments. 2024.
 *
 * @example
 * const env = rl.make("CartPole-v1");
 * let { observation } = env.reset({ seed: 1 });
 * const { reward, terminated, truncated } = env.step(1);
 */
export abstract class Env<A extends Space = Space, O extends Space = Space> {
  /** What it is called in errors and below pictures. */
  abstract readonly name: string;
  abstract readonly actionSpace: A;
  abstract readonly observationSpace: O;
  /** Whether the last step ended the task. */
  abstract readonly terminated: boolean;
  /** Whether the last step cut the episode short. */
  abstract readonly truncated: boolean;
  /** What the registry said, where the environment came from there. */
  spec?: EnvSpec;

  /**
   * Starts an episode and writes its first observation, flat, to `out` from `at` on. A `Discrete` observation becomes one
   * number a choice: 1 for the one that is, 0 for the others.
   */
  abstract resetInto(out: Numbers, at?: number, seed?: number): void;

  /**
   * Takes the action that starts at `from` in `actions`, writes the next observation as `resetInto` does, leaves
   * `terminated` and `truncated` as they are now, and gives the reward.
   *
   * @throws RangeError for an action outside a `Discrete` space or of NaN; Error before `reset` and after the end
   */
  abstract stepInto(actions: ArrayLike<number>, from: number, out: Numbers, at?: number): number;

  /** The picture of the state as it is now. @throws Error where an environment has none */
  abstract draw(): Scene;
  /** All that it knows, random numbers included. */
  abstract save(): SavedEnv;
  /** Goes on where it was when it was saved. */
  abstract load(saved: SavedEnv): void;

  /** What is to be told beside the observation. */
  info(): Info {
    return {};
  }

  /** Starts an episode: the same seed, the same episode. */
  reset({ seed }: ResetOptions = {}): ResetResult<O> {
    const flat = new Float32Array(this.observationSpace.size);
    this.resetInto(flat, 0, seed);
    return { observation: this.asMember(flat), info: this.info() };
  }

  /**
   * Does one step.
   *
   * @throws TypeError or RangeError for an action of another shape or with NaN; Error before `reset` and after the end
   */
  step(action: MemberLike<A>): StepResult<O> {
    const flat = new Float32Array(this.observationSpace.size);
    const reward = this.stepInto(flatAction(this.name, this.actionSpace, action), 0, flat, 0);
    const { terminated, truncated } = this;
    return { observation: this.asMember(flat), reward, terminated, truncated, info: this.info() };
  }

  /** The picture of the state as it is now, as the text of an SVG file. @throws Error where an environment has none */
  render(): string {
    return sceneToSvg(this.draw(), this.name);
  }

  /** Gives back what garbage collection can't, such as a physics engine's memory. */
  close(): void {}

  private asMember(flat: Float32Array): Member<O> {
    return (this.observationSpace.kind === "discrete" ? flat.indexOf(1) : flat) as Member<O>;
  }
}

function flatAction(name: string, space: Space, action: number | ArrayLike<number>): ArrayLike<number> {
  if (space.kind === "discrete") return typeof action === "number" ? [action] : refuseAction(name, space, action);
  const fits = typeof action === "object" && action?.length === space.size;
  return fits ? action : refuseAction(name, space, action);
}

/** Says what was wrong with an action. */
export function refuseAction(name: string, space: Space, action: unknown): never {
  const wanted = space.kind === "discrete" ? `an integer from 0 to ${space.n - 1}` : `${space.size} finite numbers`;
  const kind = typeof action === "number" ? RangeError : TypeError;
  const got = Array.isArray(action) ? action : describeMember(action);
  if (typeof got !== "string") return refuse(`step() of ${name}`, "the action", wanted, got, { kind });
  throw new kind(`step() of ${name} wants the action to be ${wanted} (${describeSpace(space)}), got ${got}.`);
}
