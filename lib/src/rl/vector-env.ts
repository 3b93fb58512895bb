import { checkInteger, checkOptions, refuse } from "../check";
import type { Env, SavedEnv } from "./env";
import { make } from "./registry";
import { actionSizeOf, describeMember, type Space } from "./spaces";

export interface VectorEnvOptions {
  /** How many environments run side by side, from 1 up. @default 1 */
  count?: number;
}

/** An episode that came to its end. */
export interface Episode {
  /** Which of the environments it was in. */
  env: number;
  /** The sum of its rewards, as the environment gave them. */
  return: number;
  /** Its steps. */
  length: number;
}

/**
 * Environments of one kind, side by side, on flat arrays. An environment whose episode ends is reset at once: its row of
 * `observations` is then the first of the next episode, and the last of the old one is in `finalObservations`.
 *
 * The arrays are the same ones at every step: copy what has to outlive it.
 */
export interface VectorEnv {
  readonly count: number;
  readonly name: string;
  /** The spaces of one environment. */
  readonly actionSpace: Space;
  readonly observationSpace: Space;
  /** Numbers of one observation: of a `Discrete` space, one a choice. */
  readonly observationSize: number;
  /** Numbers of one action: 1 for a choice. */
  readonly actionSize: number;
  /** What each sees now, `[count, observationSize]`. */
  readonly observations: Float32Array;
  /** What the last step brought, `[count]`. */
  readonly rewards: Float32Array;
  /** 1 where the last step ended the task, `[count]`. */
  readonly terminated: Uint8Array;
  /** 1 where the last step cut the episode short: add `gamma · V(final observation)` there. `[count]` */
  readonly truncated: Uint8Array;
  /** Where an episode ended with the last step, its last observation; stale elsewhere. `[count, observationSize]` */
  readonly finalObservations: Float32Array;
  /** The episodes that ended with the last step. */
  readonly episodes: readonly Episode[];
  /** Starts all anew; environment i gets `seed + i`, as in Gymnasium. Gives `observations`. */
  reset(options?: { seed?: number }): Float32Array;
  /**
   * Does one step in each.
   *
   * @param actions `[count, actionSize]`, flat
   * @throws RangeError for too few or too many, and what `step` of one environment throws
   */
  step(actions: ArrayLike<number>): void;
  /** All that is known, as plain data. */
  save(): SavedEnv;
  /** Goes on where it was when it was saved. */
  load(saved: SavedEnv): void;
  close(): void;
}

/**
 * Makes environments that run side by side.
 *
 * @param source a name that `make` knows, or a function that makes environment i
 * @example
 * const envs = rl.vectorEnv("CartPole-v1", { count: 8 });
 * envs.reset({ seed: 1 });
 * envs.step(new Int32Array(8)); // then read envs.observations, envs.rewards, envs.terminated, …
 * @throws RangeError for an unknown name, TypeError where environments differ in their spaces
 */
export function vectorEnv(source: string | ((index: number) => Env), options: VectorEnvOptions = {}): VectorEnv {
  checkOptions("vectorEnv()", options, ["count"]);
  const { count = 1 } = options;
  checkInteger("vectorEnv()", "count", count, { min: 1 });
  const create = typeof source === "string" ? () => make(source) : source;
  return new SyncVectorEnv(Array.from({ length: count }, (_, i) => create(i)));
}

class SyncVectorEnv implements VectorEnv {
  readonly count: number;
  readonly name: string;
  readonly actionSpace: Space;
  readonly observationSpace: Space;
  readonly observationSize: number;
  readonly actionSize: number;
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly finalObservations: Float32Array;
  readonly episodes: Episode[] = [];
  private readonly returns: Float64Array;
  private readonly lengths: Uint32Array;

  constructor(private readonly envs: readonly Env[]) {
    const [first] = envs;
    const count = (this.count = envs.length);
    this.name = first.name;
    this.actionSpace = first.actionSpace;
    this.observationSpace = first.observationSpace;
    this.actionSize = actionSizeOf(first.actionSpace);
    const size = (this.observationSize = first.observationSpace.size);
    this.observations = new Float32Array(count * size);
    this.finalObservations = new Float32Array(count * size);
    this.rewards = new Float32Array(count);
    this.terminated = new Uint8Array(count);
    this.truncated = new Uint8Array(count);
    this.returns = new Float64Array(count);
    this.lengths = new Uint32Array(count);
    if (new Set(envs).size < count) refuse("vectorEnv()", "source", "a new environment at each call", first.name);
    envs.forEach((env, i) => {
      if (env.observationSpace.size === size && env.actionSpace.size === first.actionSpace.size) return;
      refuse("vectorEnv()", `environment ${i}`, `of the same spaces as the first, ${first.name}`, env.name);
    });
  }

  reset({ seed }: { seed?: number } = {}): Float32Array {
    this.envs.forEach((env, i) =>
      env.resetInto(this.observations, i * this.observationSize, seed === undefined ? undefined : seed + i),
    );
    for (const array of [this.returns, this.lengths, this.rewards, this.terminated, this.truncated]) array.fill(0);
    this.episodes.length = 0;
    return this.observations;
  }

  step(actions: ArrayLike<number>): void {
    const { envs, count, actionSize, observationSize: size, observations } = this;
    if (actions?.length !== count * actionSize) this.refuseActions(actions);
    this.episodes.length = 0;
    for (let i = 0; i < count; i++) {
      const env = envs[i];
      const reward = env.stepInto(actions, i * actionSize, observations, i * size);
      const { terminated, truncated } = env;
      this.rewards[i] = reward;
      this.returns[i] += reward;
      this.lengths[i]++;
      this.terminated[i] = terminated ? 1 : 0;
      this.truncated[i] = truncated ? 1 : 0;
      if (terminated || truncated) this.endEpisode(i);
    }
  }

  private endEpisode(i: number): void {
    const { observationSize: size, observations, finalObservations } = this;
    for (let k = i * size; k < (i + 1) * size; k++) finalObservations[k] = observations[k];
    this.episodes.push({ env: i, return: this.returns[i], length: this.lengths[i] });
    this.returns[i] = this.lengths[i] = 0;
    this.envs[i].resetInto(observations, i * size);
  }

  private refuseActions(actions: unknown): never {
    const { count, actionSize } = this;
    const wanted = `${count * actionSize} numbers, ${actionSize} for each of ${count} environments`;
    throw new RangeError(`step() of ${this.name} wants actions to be ${wanted}, got ${describeMember(actions)}.`);
  }

  save(): SavedEnv {
    const { returns, lengths, observations } = this;
    const envs = this.envs.map((env) => env.save());
    return { envs, returns: [...returns], lengths: [...lengths], observations: [...observations] };
  }

  load(saved: SavedEnv): void {
    const { envs, returns, lengths, observations } = saved as Record<string, number[]> & { envs: SavedEnv[] };
    if (envs.length !== this.count) refuse("load()", "saved.envs", `${this.count} environments`, envs.length);
    this.envs.forEach((env, i) => env.load(envs[i]));
    this.returns.set(returns);
    this.lengths.set(lengths);
    this.observations.set(observations);
  }

  close(): void {
    this.envs.forEach((env) => env.close());
  }
}
