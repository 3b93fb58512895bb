import { checkFinite, checkNumber, checkOptions } from "../../check";
import type { RandomGenerator } from "../../random";
import { BaseEnv } from "../base-env";
import type { Numbers } from "../env";
import { shape, type Scene } from "../scene";
import { box, discrete, type Box, type Discrete } from "../spaces";

export interface BanditOptions {
  /** The mean reward of each arm. @default [0.1, 0.3, 0.5, 0.8] */
  means?: readonly number[];
  /** Standard deviation of the rewards, from 0 up. @default 1 */
  std?: number;
}

/**
 * Arms with a mean reward each: one choice, one reward, the end. The smallest task with something to learn, and the one
 * whose gradient can be worked out exactly. The observation is always 0. Robbins, 1952; Sutton and Barto, chapter 2.
 *
 * @throws RangeError where there is no arm, or a number is not finite
 */
export function armedBandit(options: BanditOptions = {}): Bandit {
  checkOptions("armedBandit()", options, ["means", "std"]);
  const { means = [0.1, 0.3, 0.5, 0.8], std = 1 } = options;
  checkFinite("armedBandit()", "means", means);
  checkNumber("armedBandit()", "std", std, { min: 0 });
  return new Bandit(means, std);
}

/** The environment that `armedBandit` makes. */
export class Bandit extends BaseEnv<Discrete, Box> {
  readonly name = "Bandit";
  readonly actionSpace: Discrete;
  readonly observationSpace = box(0, 0);
  /** The arm that was pulled last, -1 before that, and what it gave. */
  readonly state = new Float64Array(2);

  constructor(
    readonly means: readonly number[],
    private readonly std: number,
  ) {
    super();
    this.actionSpace = discrete(means.length);
  }

  protected begin(): void {
    this.state.set([-1, 0]);
  }

  protected advance(arm: number): number {
    const random: RandomGenerator = this.random;
    this.state[0] = arm;
    this.terminated = true;
    return (this.state[1] = this.means[arm] + this.std * random.normal());
  }

  protected override observe(out: Numbers, at: number): void {
    out[at] = 0;
  }

  /** A bar of each arm's mean, the one pulled last in colour. */
  override draw(): Scene {
    const [height, step] = [200, 60];
    const top = Math.max(...this.means.map(Math.abs), 1e-9);
    const bars = this.means.map((mean, arm) => {
      const length = (Math.abs(mean) / top) * 80;
      const fill = this.state[0] === arm ? "#dd6414" : "#2a7fc1";
      return shape("rect", { x: 20 + step * arm, y: mean > 0 ? 100 - length : 100, width: 40, height: length, fill });
    });
    const width = 20 + step * this.means.length;
    return { width, height, shapes: [...bars, shape("line", { x1: 0, x2: width, y1: 100, y2: 100, stroke: "#888" })] };
  }
}
