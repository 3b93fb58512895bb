import { checkNumber, checkOptions, refuse } from "../../check";
import type { RandomGenerator } from "../../random";
import { BaseEnv } from "../base-env";
import { shape, type Scene, type Shape } from "../scene";
import { discrete, type Discrete } from "../spaces";

export interface GridWorldOptions {
  /**
   * Rows of cells: S start, G goal and H hole, which both end the episode, # wall, F or . free.
   * @default the 4 by 4 lake of Gymnasium's FrozenLake-v1
   */
  map?: readonly string[];
  /** Probability that a step goes where it was meant to; else it goes to either side. From 0 to 1. @default 1 */
  success?: number;
  /** Reward of the step onto the goal, onto a hole, and of any other. @default 1, 0 and 0 */
  rewards?: { goal?: number; hole?: number; step?: number };
}

/** What a step in a direction may lead to. */
export interface Transition {
  probability: number;
  /** The cell, counted row by row. */
  next: number;
  reward: number;
  terminated: boolean;
}

/** The actions' names, in their order. */
export const directions = ["left", "down", "right", "up"] as const;

/** Maps of Gymnasium's FrozenLake. */
export const lakes = {
  "4x4": ["SFFF", "FHFH", "FFFH", "HFFG"],
  "8x8": ["SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"],
} as const;

/**
 * A walk over cells, one a step: left (0), down (1), right (2), up (3). The observation is the number of the cell.
 *
 * All that can happen is in `transitions`, so that values can be worked out exactly and compared with what was learnt.
 * With `success: 1 / 3` it is Gymnasium's FrozenLake-v1, transition for transition.
 *
 * @throws RangeError for rows of different length, unknown cells, or no start
 */
export function gridWorld(options: GridWorldOptions = {}): GridWorld {
  checkOptions("gridWorld()", options, ["map", "success", "rewards"]);
  const { map = lakes["4x4"], success = 1, rewards = {} } = options;
  checkNumber("gridWorld()", "success", success, { min: 0, max: 1 });
  checkOptions("gridWorld()", rewards, ["goal", "hole", "step"]);
  map.forEach((row, i) => {
    if (row.length !== map[0].length) refuse("gridWorld()", `map[${i}]`, `a row of ${map[0].length} cells`, row);
    if (!/^[SGHF.#]+$/.test(row)) refuse("gridWorld()", `map[${i}]`, "cells of S, G, H, F, . or #", row);
  });
  if (!map.some((row) => row.includes("S"))) refuse("gridWorld()", "map", "with a start, S", map);
  return new GridWorld(map, success, { goal: 1, hole: 0, step: 0, ...rewards });
}

/** The environment that `gridWorld` makes. */
export class GridWorld extends BaseEnv<Discrete, Discrete> {
  readonly name = "GridWorld";
  readonly actionSpace = discrete(4);
  readonly observationSpace: Discrete;
  /** The cell, counted row by row. */
  readonly state = new Float64Array(1);
  /** What each action may lead to from each cell, `[cells][4]`. */
  readonly transitions: readonly (readonly Transition[])[][];
  private readonly starts: number[];

  constructor(
    readonly map: readonly string[],
    success: number,
    rewards: { goal: number; hole: number; step: number },
  ) {
    super();
    const cells = [...map.join("")];
    this.observationSpace = discrete(cells.length);
    this.starts = cells.flatMap((cell, i) => (cell === "S" ? [i] : []));
    const reach = (from: number, direction: number, probability: number): Transition => {
      const next = this.neighbour(from, direction);
      const cell = cells[next];
      const reward = cell === "G" ? rewards.goal : cell === "H" ? rewards.hole : rewards.step;
      return { probability, next, reward, terminated: cell === "G" || cell === "H" };
    };
    const outcomes = (from: number, action: number): Transition[] => {
      if ("GH".includes(cells[from])) return [{ probability: 1, next: from, reward: 0, terminated: true }];
      if (success === 1) return [reach(from, action, 1)];
      const aside = (1 - success) / 2;
      return [-1, 0, 1].map((turn) => reach(from, (action + turn + 4) % 4, turn === 0 ? success : aside));
    };
    this.transitions = cells.map((_, from) => directions.map((_, action) => outcomes(from, action)));
  }

  private neighbour(from: number, direction: number): number {
    const [rows, columns] = [this.map.length, this.map[0].length];
    const [row, column] = [Math.floor(from / columns), from % columns];
    const [down, right] = [
      [0, -1],
      [1, 0],
      [0, 1],
      [-1, 0],
    ][direction];
    const [r, c] = [row + down, column + right];
    return r >= 0 && c >= 0 && r < rows && c < columns && this.map[r][c] !== "#" ? r * columns + c : from;
  }

  protected begin(random: RandomGenerator): void {
    this.state[0] = this.starts.length === 1 ? this.starts[0] : random.pick(this.starts);
  }

  protected advance(action: number): number {
    const outcomes = this.transitions[this.state[0]][action];
    let share = outcomes.length === 1 ? 0 : this.random.uniform();
    const outcome = outcomes.find(({ probability }) => (share -= probability) < 0) ?? outcomes[outcomes.length - 1];
    this.state[0] = outcome.next;
    this.terminated = outcome.terminated;
    return outcome.reward;
  }

  /** The cells, and a disc where we are. */
  override draw(): Scene {
    const [cell, columns] = [40, this.map[0].length];
    const colors: Record<string, string> = { G: "#c7e5da", H: "#b0c8dd", "#": "#555555", S: "#efe3c4" };
    const tiles = [...this.map.join("")].map((letter, i): Shape => {
      const [x, y] = [(i % columns) * cell, Math.floor(i / columns) * cell];
      return shape("rect", { x, y, width: cell, height: cell, fill: colors[letter] ?? "#ffffff", stroke: "#cccccc" });
    });
    const at = this.state[0];
    const [cx, cy] = [(at % columns) * cell + cell / 2, Math.floor(at / columns) * cell + cell / 2];
    const disc = shape("circle", { cx, cy, r: 12, fill: "#dd6414" });
    return { width: columns * cell, height: this.map.length * cell, shapes: [...tiles, disc] };
  }
}
