import { checkNumber, checkOptions, refuse } from "../check";
import type { SavedEnv } from "./env";
import { cut, EPSILON, RunningMoments, type SavedMoments } from "./running-moments";
import type { Episode, VectorEnv } from "./vector-env";

export interface NormalizeOptions {
  /** Whether observations are normalised. @default true */
  observations?: boolean;
  /** Whether rewards are scaled. @default true */
  rewards?: boolean;
  /** The discount of the returns whose spread scales the rewards, 0 to 1: that of the agent. @default 0.99 */
  gamma?: number;
  /** What lies beyond ± this after normalising is cut off. @default 10 */
  clip?: number;
}

/** What was learnt of observations and rewards: goes with the agent, for it is blind without. */
export interface Normalization {
  observations: SavedMoments;
  returns: SavedMoments;
}

/** Environments whose observations and rewards have about the same size everywhere. */
export interface NormalizedVectorEnv extends VectorEnv {
  /** The environments within, with observations and rewards as they are. */
  readonly inner: VectorEnv;
  readonly options: Readonly<Required<NormalizeOptions>>;
  /** Whether the moments go on; set to false to judge an agent. @default true */
  training: boolean;
  /** Normalises observations, `[rows, observationSize]`, with the moments as they are. */
  normalized(observations: ArrayLike<number>): Float32Array;
  /** The moments, as plain data. */
  normalization(): Normalization;
  /** Puts moments in place: those an agent was trained with. */
  useNormalization(saved: Normalization): void;
  /**
   * Other environments seen with the moments of these, which then stand still: for judging an agent while it learns.
   *
   * @example rl.evaluateAgent(agent.policy, envs.judging(rl.vectorEnv("HalfCheetah-v5", { count: 10 })))
   */
  judging(envs: VectorEnv): NormalizedVectorEnv;
}

const names = ["observations", "rewards", "gamma", "clip"];

/**
 * Normalises observations by their running mean and deviation, `(x - mean) / √(variance + 1e-8)`, and divides rewards by
 * the running deviation of the discounted return. The mean of rewards stays: it says what is good. `episodes` still tells
 * the returns that the task gave. Stable-Baselines3's `VecNormalize`; details 6 to 9 of continuous control in Huang et al.:
 * The 37 implementation details of proximal policy optimization. 2022.
 *
 * @throws TypeError for observations that are choices: they are 0 and 1 already
 */
export function normalize(envs: VectorEnv, options: NormalizeOptions = {}): NormalizedVectorEnv {
  checkOptions("normalize()", options, names);
  const { observations = true, rewards = true, gamma = 0.99, clip = 10 } = options;
  checkNumber("normalize()", "gamma", gamma, { min: 0, max: 1 });
  checkNumber("normalize()", "clip", clip, { min: 0 });
  if (observations && envs.observationSpace.kind === "discrete") {
    const remedy = "observations: false normalises rewards alone.";
    refuse("normalize()", "observations", "of a box", "choices", { kind: TypeError, remedy });
  }
  return new Normalized(envs, { observations, rewards, gamma, clip });
}

class Normalized implements NormalizedVectorEnv {
  training = true;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float32Array;
  private readonly discounted: Float64Array;
  private readonly observationMoments: RunningMoments;
  private readonly returnMoments = new RunningMoments(1);

  constructor(
    readonly inner: VectorEnv,
    readonly options: Required<NormalizeOptions>,
  ) {
    const { count, observationSize } = inner;
    this.observations = new Float32Array(count * observationSize);
    this.finalObservations = new Float32Array(count * observationSize);
    this.rewards = new Float32Array(count);
    this.discounted = new Float64Array(count);
    this.observationMoments = new RunningMoments(observationSize);
  }

  get count(): number {
    return this.inner.count;
  }
  get name(): string {
    return this.inner.name;
  }
  get actionSpace(): VectorEnv["actionSpace"] {
    return this.inner.actionSpace;
  }
  get observationSpace(): VectorEnv["observationSpace"] {
    return this.inner.observationSpace;
  }
  get observationSize(): number {
    return this.inner.observationSize;
  }
  get actionSize(): number {
    return this.inner.actionSize;
  }
  get terminated(): Uint8Array {
    return this.inner.terminated;
  }
  get truncated(): Uint8Array {
    return this.inner.truncated;
  }
  get episodes(): readonly Episode[] {
    return this.inner.episodes;
  }

  reset(options: { seed?: number } = {}): Float32Array {
    this.discounted.fill(0);
    this.rewards.fill(0);
    this.takeObservations(this.inner.reset(options));
    return this.observations;
  }

  step(actions: ArrayLike<number>): void {
    const { inner, discounted } = this;
    inner.step(actions);
    this.takeObservations(inner.observations);
    if (this.training) {
      for (let i = 0; i < inner.count; i++) discounted[i] = discounted[i] * this.options.gamma + inner.rewards[i];
      this.returnMoments.update(discounted);
    }
    this.scaleRewards();
    for (const { env } of inner.episodes) {
      this.normalizeRow(inner.finalObservations, this.finalObservations, env * inner.observationSize);
      discounted[env] = 0;
    }
  }

  private takeObservations(seen: Float32Array): void {
    if (this.training && this.options.observations) this.observationMoments.update(seen);
    for (let at = 0; at < seen.length; at += this.observationSize) this.normalizeRow(seen, this.observations, at);
  }

  private normalizeRow(from: ArrayLike<number>, to: Float32Array, at: number): void {
    const { observations, clip } = this.options;
    if (observations) this.observationMoments.normalizeRow(from, to, at, clip);
    else for (let i = at; i < at + this.observationSize; i++) to[i] = from[i];
  }

  private scaleRewards(): void {
    const { rewards, clip } = this.options;
    const deviation = Math.sqrt(this.returnMoments.variance[0] + EPSILON);
    for (let i = 0; i < this.count; i++) {
      const reward = this.inner.rewards[i];
      this.rewards[i] = rewards ? cut(reward / deviation, clip) : reward;
    }
  }

  normalized(observations: ArrayLike<number>): Float32Array {
    const rows = new Float32Array(observations.length);
    if (rows.length % this.observationSize !== 0) {
      refuse("normalized()", "observations", `rows of ${this.observationSize} numbers`, `${rows.length} numbers`);
    }
    for (let at = 0; at < rows.length; at += this.observationSize) this.normalizeRow(observations, rows, at);
    return rows;
  }

  normalization(): Normalization {
    return { observations: this.observationMoments.save(), returns: this.returnMoments.save() };
  }

  useNormalization({ observations, returns }: Normalization): void {
    this.observationMoments.load(observations);
    this.returnMoments.load(returns);
  }

  judging(envs: VectorEnv): NormalizedVectorEnv {
    const judged = new Normalized(envs, this.options);
    judged.training = false;
    judged.useNormalization(this.normalization());
    return judged;
  }

  save(): SavedEnv {
    const { observations, discounted } = this;
    const own = { observations: [...observations], discounted: [...discounted], normalization: this.normalization() };
    return { inner: this.inner.save(), ...own };
  }

  load(saved: SavedEnv): void {
    this.inner.load(saved.inner as SavedEnv);
    this.observations.set(saved.observations as number[]);
    this.discounted.set(saved.discounted as number[]);
    this.useNormalization(saved.normalization as Normalization);
  }

  close(): void {
    this.inner.close();
  }
}

/** What environments have learnt of their observations, and how far normalised ones may go. */
export interface ObservationMoments {
  moments: SavedMoments;
  clip: number;
}

/** The moments by which these environments normalise what is seen; undefined where they don't. */
export function observationMomentsOf(envs: VectorEnv): ObservationMoments | undefined {
  if (!(envs instanceof Normalized) || !envs.options.observations) return undefined;
  return { moments: envs.normalization().observations, clip: envs.options.clip };
}
