import { checkInteger, checkNumber, checkOptions, refuse } from "../check";
import { setRandomSeed } from "../kernels";
import { interruptSignal, Progress, type ProgressOption, progressSink } from "../progress";
import { generator, type RandomGenerator } from "../random";
import { tf } from "../tensorflow";
import { breather } from "../train/breathe";
import { Checkpoint, type CheckpointOptions, type Setup } from "../train/checkpoint";
import { ActorCritic, type ActorCriticOptions } from "./actor-critic";
import type { Env, SavedEnv } from "./env";
import { type EpisodeRow, LearningHistory, type LearningRow, type LearningStopped } from "./learning-history";
import { vectorEnv, type Episode, type VectorEnv } from "./vector-env";

/** A name that `make` knows, a function that makes environment i, or environments that are there already. */
export type EnvSource = string | ((index: number) => Env) | VectorEnv;

/** Options that all agents share. */
export interface AgentOptions extends ActorCriticOptions {
  /** Environments side by side, where they are made here. @default 1 */
  envs?: number;
  /** Where initial weights, actions, episodes and the order of minibatches come from. @default 0 */
  seed?: number | string;
}

export interface LearnOptions {
  /** Steps in all environments together, those of earlier calls included. */
  steps: number;
  /** Also end once the mean return of the last 100 episodes is as high. @default never */
  until?: number;
  /** How to show progress: steps, rate, time left, mean return. @default true */
  progress?: ProgressOption;
  /** Stops after the running turn, besides the notebook's Stop button. */
  signal?: AbortSignal;
  /** Called at most four times a second, and at the end: for live charts. */
  onUpdate?: (history: LearningHistory) => unknown;
  /** Called after every turn; awaited. */
  onTurn?: (row: LearningRow) => unknown;
  /** Write the state to a file, every so many turns and at the end, and go on from it. */
  checkpoint?: string | Omit<CheckpointOptions, "random">;
}

/** A number, or a function of the share of steps that is left, from 1 down to 0. */
export type Annealed = number | ((left: number) => number);

interface Position {
  steps: number;
  seconds: number;
  envs?: SavedEnv;
  rows: LearningRow[];
  episodes: EpisodeRow[];
}

/**
 * What learns to act: a policy, the environments that it acts in, and the turns of acting and learning. The algorithms
 * extend it by what a turn does.
 */
export abstract class Agent {
  readonly envs: VectorEnv;
  readonly policy: ActorCritic;
  readonly history = new LearningHistory();
  /** Steps in all environments so far. */
  steps = 0;
  /** Share of the steps that is left, from 1 down to 0, as of the last turn. */
  protected left = 1;
  /** Draws the actions. */
  protected readonly random: RandomGenerator;
  /** Draws the order of minibatches. */
  protected readonly order: RandomGenerator;
  /** Where all that is random started. */
  readonly seed: number | string;
  private readonly stream: RandomGenerator;
  private readonly owned: boolean;
  private seconds = 0;
  private started = false;

  constructor(
    /** "ppo" and the like: the name in errors and checkpoints. */
    readonly algorithm: string,
    source: EnvSource,
    protected readonly options: AgentOptions & object,
    /** Refuses environments that don't suit, before anything is made. */
    check: (envs: VectorEnv) => void = () => {},
  ) {
    const { envs, seed = 0, hidden, activation, logStd } = options;
    this.owned = typeof source !== "object";
    if (!this.owned && envs !== undefined) {
      refuse(`${algorithm}()`, "envs", "left out, since the environments are there already", envs, { kind: TypeError });
    }
    this.envs = typeof source === "object" ? source : vectorEnv(source, { count: envs ?? 1 });
    check(this.envs);
    this.seed = seed;
    this.stream = generator(seed);
    this.random = this.stream.split("actions");
    this.order = this.stream.split("minibatches");
    const { observationSize, actionSpace } = this.envs;
    this.policy = new ActorCritic(observationSize, actionSpace, { ...given({ hidden, activation, logStd }), seed });
  }

  /** Acts and learns once; adds the steps to `steps`. @returns what the update measured */
  protected abstract turn(): Record<string, number>;
  /** In the order in which a checkpoint files them. */
  protected abstract readonly optimizers: tf.Optimizer[];

  /**
   * Repeats acting and learning until so many steps are done, the task is solved, or it is interrupted. The notebook's
   * Stop button ends it cleanly after the running turn; a later call goes on.
   *
   * @throws RangeError where the policy diverges to NaN, or a checkpoint is another agent's; what environments throw
   * @example await agent.learn({ steps: 100_000, until: 475 });
   */
  async learn(options: LearnOptions): Promise<LearningHistory> {
    const where = `learn() of ${this.algorithm}`;
    checkOptions(where, options, LEARN_OPTIONS);
    checkInteger(where, "steps", options.steps, { min: 1 });
    if (options.until !== undefined) checkNumber(where, "until", options.until);
    const {
      every = 10,
      resume = true,
      file,
    } = typeof options.checkpoint === "string" ? { file: options.checkpoint } : (options.checkpoint ?? {});
    if (file !== undefined && resume) this.read(file, false);
    if (!this.started) this.start();
    const { history } = this;
    history.stopped = undefined;
    const signals = [interruptSignal(), ...(options.signal ? [options.signal] : [])];
    const job = { label: "learning", unit: "steps", total: options.steps, from: this.steps };
    const progress = new Progress(job, progressSink(options.progress));
    const breathe = breather();
    const began = performance.now() - 1000 * this.seconds;
    for (let turn = 1; !(history.stopped = this.why(options, signals)); turn++) {
      this.left = Math.max(0, 1 - this.steps / options.steps);
      const measured = this.turn();
      this.checkMeasures(where, measured);
      this.seconds = (performance.now() - began) / 1000;
      const { steps: step, seconds } = this;
      const row = { step, episodes: history.episodes.length, seconds, ...history.recent(), ...measured };
      history.rows.push(row);
      await options.onTurn?.(row);
      if (file !== undefined && turn % every === 0) this.save(file);
      if (progress.due) {
        progress.report(step, detail(row));
        await options.onUpdate?.(history);
      }
      await breathe();
    }
    if (file !== undefined) this.save(file);
    progress.finish(this.steps, detail(history.rows[history.rows.length - 1]));
    await options.onUpdate?.(history);
    return history;
  }

  /** Writes weights, optimizers, environments, random streams and history to a file, in safetensors format. */
  save(file: string): void {
    const { rows, episodes } = this.history;
    const envs = this.started ? this.envs.save() : undefined;
    this.checkpoint(file).save({ steps: this.steps, seconds: this.seconds, envs, rows, episodes }, []);
  }

  /**
   * Goes on from what `save` wrote: to the same numbers as if nothing had been in between.
   *
   * @throws RangeError where there is no such file, it is damaged, or it is of an agent with other options
   */
  load(file: string): this {
    this.read(file, true);
    return this;
  }

  private read(file: string, needed: boolean): void {
    const found = this.checkpoint(file).load();
    if (!found) {
      if (needed) throw new RangeError(`load() of ${this.algorithm} finds no file ${file}.`);
      return;
    }
    const { steps, seconds, envs, rows, episodes } = found.position;
    Object.assign(this, { steps, seconds, started: envs !== undefined });
    if (envs) this.envs.load(envs);
    this.history.rows.splice(0, Infinity, ...rows);
    this.history.episodes.splice(0, Infinity, ...episodes);
    this.policy.copyWeights();
  }

  private checkpoint(file: string): Checkpoint<Position> {
    const setup: Setup = { algorithm: this.algorithm, environment: this.envs.name, environments: this.envs.count };
    for (const [name, value] of Object.entries(this.options)) {
      if (name !== "envs" && typeof value !== "function") setup[name] = JSON.stringify(value) ?? "undefined";
    }
    const random = [this.random, this.order];
    const where = `the ${this.algorithm} agent`;
    return new Checkpoint(file, setup, this.policy.variables, this.optimizers, random, where);
  }

  /** Step 4 of seven, its second half: the first episodes begin. The weights were drawn with the policy. */
  private start(): void {
    const draw = (name: string) => this.stream.split(name).integer(0, 2 ** 31);
    setRandomSeed(draw("tensorflow"));
    this.envs.reset({ seed: draw("environments") });
    this.started = true;
  }

  private why({ steps, until }: LearnOptions, signals: AbortSignal[]): LearningStopped | undefined {
    if (until !== undefined && this.history.reached(until)) return "solved";
    if (this.steps >= steps) return "steps";
    return signals.some((signal) => signal.aborted) ? "interrupt" : undefined;
  }

  private checkMeasures(where: string, measured: Record<string, number>): void {
    for (const [name, value] of Object.entries(measured)) {
      if (Number.isFinite(value)) continue;
      throw new RangeError(
        `${where} got ${name} = ${value} after ${this.steps} steps: the policy has diverged. ` +
          "Remedy: a smaller learning rate, clipped gradients, or observations and rewards scaled to about -1 to 1.",
      );
    }
  }

  /** Takes down an episode that ended. */
  protected readonly record = ({ return: sum, length }: Episode): void => {
    this.history.episodes.push({ step: this.steps, return: sum, length });
  };

  /** Frees all weights and, where they were made here, the environments. */
  dispose(): void {
    this.policy.dispose();
    this.optimizers.forEach((optimizer) => optimizer.dispose());
    if (this.owned) this.envs.close();
  }
}

/** The names of `AgentOptions`, to refuse misspelt ones. */
export const AGENT_OPTIONS: readonly (keyof AgentOptions)[] = ["envs", "seed", "hidden", "activation", "logStd"];

const LEARN_OPTIONS: readonly (keyof LearnOptions)[] = [
  ...(["steps", "until", "progress", "signal", "onUpdate", "onTurn", "checkpoint"] as const),
];

/** What a number is now. */
export function annealed(value: Annealed, left: number): number {
  return typeof value === "function" ? value(left) : value;
}

/** Options without those that are undefined, which would hide defaults. */
export function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function detail(row: LearningRow | undefined): string {
  return row?.meanReturn === undefined ? "" : `mean return ${Number(row.meanReturn.toPrecision(3))}`;
}
