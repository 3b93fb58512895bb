import { checkInteger } from "../check";
import type { Env, Numbers, SavedEnv } from "./env";
import type { Space } from "./spaces";
import { Wrapper } from "./wrapper";

/**
 * Cuts an episode short after a number of steps. It is `truncated` then, not `terminated`: more would have come, so what
 * learns a value must add that of the last observation. Pardo et al.: Time limits in reinforcement learning. ICML 2018.
 */
export function timeLimit<A extends Space, O extends Space>(env: Env<A, O>, maxEpisodeSteps: number): Env<A, O> {
  checkInteger("timeLimit()", "maxEpisodeSteps", maxEpisodeSteps, { min: 1 });
  return new TimeLimit(env, maxEpisodeSteps);
}

class TimeLimit<A extends Space, O extends Space> extends Wrapper<A, O> {
  private steps = 0;

  constructor(
    inner: Env<A, O>,
    private readonly limit: number,
  ) {
    super(inner);
  }

  override get truncated(): boolean {
    return this.inner.truncated || this.steps >= this.limit;
  }

  override resetInto(out: Numbers, at = 0, seed?: number): void {
    this.steps = 0;
    this.inner.resetInto(out, at, seed);
  }

  override stepInto(actions: ArrayLike<number>, from: number, out: Numbers, at = 0): number {
    if (this.steps >= this.limit) {
      throw new Error(`step() of ${this.name} was called after the end of the episode. Remedy: call reset() first.`);
    }
    const reward = this.inner.stepInto(actions, from, out, at);
    this.steps++;
    return reward;
  }

  override save(): SavedEnv {
    return { ...super.save(), steps: this.steps };
  }

  override load(saved: SavedEnv): void {
    super.load(saved);
    this.steps = saved.steps as number;
  }
}
