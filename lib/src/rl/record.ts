import { checkInteger, checkOptions } from "../check";
import type { Env, Numbers } from "./env";
import type { Scene } from "./scene";
import type { Space } from "./spaces";
import { Wrapper } from "./wrapper";

export interface RecordOptions {
  /** Keeps every n-th picture, from 1 up. @default 1 */
  every?: number;
  /** At most so many pictures; later ones are not taken. @default 500 */
  limit?: number;
}

/** An environment that keeps a picture of each step. */
export interface Recorded<A extends Space = Space, O extends Space = Space> extends Env<A, O> {
  /** The pictures so far, first steps of episodes included: hand them to `viz.animation`. */
  readonly scenes: readonly Scene[];
  /** Forgets them. */
  clear(): void;
}

/**
 * Keeps a picture of each step of an environment.
 *
 * @example
 * const env = rl.record(rl.make("CartPole-v1"));
 * // play an episode on env, then
 * viz.animation(env.scenes, { title: "It falls after 20 steps" });
 */
export function record<A extends Space, O extends Space>(env: Env<A, O>, options: RecordOptions = {}): Recorded<A, O> {
  checkOptions("record()", options, ["every", "limit"]);
  const { every = 1, limit = 500 } = options;
  checkInteger("record()", "every", every, { min: 1 });
  checkInteger("record()", "limit", limit, { min: 1 });
  return new Recorder(env, every, limit);
}

class Recorder<A extends Space, O extends Space> extends Wrapper<A, O> implements Recorded<A, O> {
  scenes: Scene[] = [];
  private steps = 0;

  constructor(
    inner: Env<A, O>,
    private readonly every: number,
    private readonly limit: number,
  ) {
    super(inner);
  }

  clear(): void {
    this.scenes = [];
  }

  override resetInto(out: Numbers, at = 0, seed?: number): void {
    this.inner.resetInto(out, at, seed);
    this.steps = 0;
    this.take();
  }

  override stepInto(actions: ArrayLike<number>, from: number, out: Numbers, at = 0): number {
    const reward = this.inner.stepInto(actions, from, out, at);
    this.steps++;
    this.take();
    return reward;
  }

  private take(): void {
    if (this.steps % this.every === 0 && this.scenes.length < this.limit) this.scenes.push(this.inner.draw());
  }
}
