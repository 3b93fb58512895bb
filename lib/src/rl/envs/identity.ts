import { checkInteger, checkOptions } from "../../check";
import type { RandomGenerator } from "../../random";
import { BaseEnv } from "../base-env";
import { shape, type Scene } from "../scene";
import { box, discrete, type Member, type Space } from "../spaces";

export interface IdentityOptions {
  /** What is seen and what is to be done: one of two choices, or a number from -1 to 1. @default "discrete" */
  kind?: "discrete" | "box";
  /** Choices of the discrete kind. @default 2 */
  n?: number;
  /** Steps of an episode. @default 100 */
  length?: number;
}

/** How far off an action of the box kind may be. */
const TOLERANCE = 0.05;

/**
 * Do what you see: reward 1 for the action that equals the observation (of the box kind, within 0.05), else 0; then
 * another observation. Truncated after 100 steps, so that 100 is the best return. Stable-Baselines3 tests with it.
 */
export function identity(options: IdentityOptions = {}): BaseEnv {
  checkOptions("identity()", options, ["kind", "n", "length"]);
  const { kind = "discrete", n = 2, length = 100 } = options;
  checkInteger("identity()", "length", length, { min: 1 });
  return new Identity(kind === "box" ? box(-1, 1) : discrete(n), length);
}

class Identity extends BaseEnv {
  readonly name = "Identity";
  readonly actionSpace: Space;
  /** What is seen, and the steps done. */
  readonly state = new Float64Array(2);

  constructor(
    readonly observationSpace: Space,
    private readonly length: number,
  ) {
    super();
    this.actionSpace = observationSpace;
  }

  protected begin(random: RandomGenerator): void {
    this.state.set([this.draws(random), 0]);
  }

  protected advance(action: Member<Space>): number {
    const off = Math.abs((typeof action === "number" ? action : action[0]) - this.state[0]);
    this.state.set([this.draws(this.random), this.state[1] + 1]);
    this.truncated = this.state[1] === this.length;
    return off <= (this.actionSpace.kind === "box" ? TOLERANCE : 0) ? 1 : 0;
  }

  private draws(random: RandomGenerator): number {
    const seen = this.observationSpace.sample(random);
    return typeof seen === "number" ? seen : seen[0];
  }

  /** A disc on a line: where it is, is what is seen. */
  override draw(): Scene {
    const share =
      this.observationSpace.kind === "box"
        ? (this.state[0] + 1) / 2
        : this.state[0] / (this.observationSpace.size - 1 || 1);
    const line = shape("line", { x1: 20, x2: 220, y1: 40, y2: 40, stroke: "#888888" });
    return {
      width: 240,
      height: 80,
      shapes: [line, shape("circle", { cx: 20 + 200 * share, cy: 40, r: 12, fill: "#2a7fc1" })],
    };
  }
}
