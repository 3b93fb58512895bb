import { checkOneOf } from "../../check";
import type { RandomGenerator } from "../../random";
import { BaseEnv } from "../base-env";
import { shape, type Scene } from "../scene";
import { box, discrete } from "../spaces";

/** The five probes, from the one that needs least to the one that needs most. */
export const probeNames = [
  "constant reward",
  "reward from observation",
  "delayed reward",
  "reward from action",
  "reward from both",
] as const;

/** One of the five probes. */
export type ProbeName = (typeof probeNames)[number];

interface Probe {
  actions: number;
  steps: number;
  /** The observations of an episode, one a step. */
  sees(random: RandomGenerator, step: number): number;
  reward(action: number, seen: number, step: number): number;
}

const coin = (random: RandomGenerator): number => (random.chance(0.5) ? 1 : -1);

const probes: Record<ProbeName, Probe> = {
  "constant reward": { actions: 1, steps: 1, sees: () => 0, reward: () => 1 },
  "reward from observation": { actions: 1, steps: 1, sees: coin, reward: (_, seen) => seen },
  "delayed reward": { actions: 1, steps: 2, sees: (_, step) => step, reward: (_, __, step) => step },
  "reward from action": { actions: 2, steps: 1, sees: () => 0, reward: (action) => (action === 1 ? 1 : -1) },
  "reward from both": { actions: 2, steps: 1, sees: coin, reward: (action, seen) => (action === 1 ? seen : -seen) },
};

/**
 * A task so small that only one thing can be wrong where it is not learnt at once:
 *
 * | probe | one episode | learnt only if |
 * | --- | --- | --- |
 * | constant reward | one step, one action, reward 1 | the value network learns: V = 1 |
 * | reward from observation | sees ±1 and gets it as its reward | gradients reach the value network's input: V(±1) = ±1 |
 * | delayed reward | sees 0, then 1; reward 1 at the second step | discounting and bootstrap: V(0) = gamma, V(1) = 1 |
 * | reward from action | action 1 brings 1, action 0 brings -1 | advantages and the policy's gradient |
 * | reward from both | sees ±1; 1 where action 1 meets 1 or action 0 meets -1, else -1 | policy and value look at the observation |
 *
 * Andy Jones: Debugging reinforcement learning systems. 2021.
 *
 * @throws RangeError for another name
 */
export function probe(name: ProbeName): BaseEnv {
  checkOneOf("probe()", "name", name, probeNames);
  return new ProbeEnv(name, probes[name]);
}

class ProbeEnv extends BaseEnv {
  readonly actionSpace;
  readonly observationSpace = box(-1, 1);
  /** What is seen, and the step. */
  readonly state = new Float64Array(2);

  constructor(
    readonly name: string,
    private readonly rules: Probe,
  ) {
    super();
    this.actionSpace = discrete(rules.actions);
  }

  protected begin(random: RandomGenerator): void {
    this.state.set([this.rules.sees(random, 0), 0]);
  }

  protected advance(action: number): number {
    const [seen, step] = this.state;
    this.terminated = step + 1 === this.rules.steps;
    if (!this.terminated) this.state.set([this.rules.sees(this.random, step + 1), step + 1]);
    return this.rules.reward(action, seen, step);
  }

  /** A disc: blue for what is seen above 0, vermilion below, grey at 0. */
  override draw(): Scene {
    const fill = ["#dd6414", "#888888", "#2a7fc1"][Math.sign(this.state[0]) + 1];
    return { width: 120, height: 120, shapes: [shape("circle", { cx: 60, cy: 60, r: 40, fill })] };
  }
}
