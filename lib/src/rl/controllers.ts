import { refuse } from "../check";
import { generator } from "../random";
import type { Env } from "./env";
import type { Controller } from "./play-episode";
import { wrapAngle } from "./envs/pendulum";
import type { Space } from "./spaces";

/**
 * A rule written by hand. A learner's score means little until it stands beside what such a rule gets, and what random
 * actions and none at all get.
 */
export interface ControllerRule {
  /** In a few words. */
  readonly name: string;
  /** Makes it anew for an episode: one that follows a clock starts at 0. */
  readonly create: () => Controller;
}

/** One that looks at what is seen and at nothing else. */
const rule = (name: string, act: (seen: Float32Array) => number | number[]): ControllerRule => ({
  name,
  create: () => (seen) => act(seen as Float32Array),
});

/** One that follows a clock and sees nothing. */
const rhythm = (name: string, act: (step: number) => number[]): ControllerRule => ({
  name,
  create: () => {
    let step = 0;
    return () => act(++step);
  },
});

const clamp = (value: number, bound: number): number => Math.min(bound, Math.max(-bound, value));

/** With ω² / 2 + 15 cos θ at 15 the pendulum swings just up to the top: drive towards that, and hold it once it is there. */
function swingUp([cos, sin, speed]: Float32Array): number[] {
  const missing = 15 - (speed ** 2 / 2 + 15 * cos);
  if (cos < Math.cos(0.5)) return [clamp(missing * (speed >= 0 ? 1 : -1), 2)];
  return [-(8 * wrapAngle(Math.atan2(sin, cos)) + 2 * speed)];
}

/** Height, phase and middle of a sine for each of the cheetah's motors, found by 270 tries: a random search, then a climb. */
const gallop = [
  [0.54, 3.38, -0.23],
  [1.11, 5.2, 0.15],
  [0.25, 1.34, 0.35],
  [0.6, 0.3, -0.01],
  [0.61, 6.04, 0.33],
  [0.05, 1.52, 0.09],
] as const;

const rules: Record<string, readonly ControllerRule[]> = {
  "CartPole-v1": [
    rule("push where the pole falls", ([, , angle, turn]) => (angle + turn > 0 ? 1 : 0)),
    rule("a weighted sum of all four", ([x, v, angle, turn]) => (0.1 * x + 0.2 * v + 2 * angle + turn > 0 ? 1 : 0)),
  ],
  "MountainCar-v0": [rule("push the way it rolls", ([, speed]) => (speed >= 0 ? 2 : 0))],
  "MountainCarContinuous-v0": [
    rule("push the way it rolls", ([, speed]) => [speed >= 0 ? 1 : -1]),
    rule("push the way it rolls, at 0.6", ([, speed]) => [speed >= 0 ? 0.6 : -0.6]),
  ],
  "Pendulum-v1": [rule("swing up by energy, then hold", swingUp)],
  "Acrobot-v1": [rule("turn against the first rod", (seen) => (seen[4] < 0 ? 2 : 0))],
  "InvertedPendulum-v5": [
    rule("a weighted sum of all four", ([x, angle, v, turn]) => [0.5 * x + 20 * angle + v + 3 * turn]),
  ],
  "Swimmer-v5": [rhythm("a wave from head to tail", (step) => [Math.sin(0.15 * step), Math.sin(0.15 * step - 1)])],
  "HalfCheetah-v5": [
    rhythm("a sine for each motor, found by trial", (step) =>
      gallop.map(([height, phase, middle]) => clamp(middle + height * Math.sin(1.117 * step + phase), 1)),
    ),
  ],
};

/** The rules that are known for an environment, from simple to good; none where none is known. */
export const controllersOf = (id: string): readonly ControllerRule[] => rules[id] ?? [];

/** Random actions, the same ones with the same seed. */
export function randomController(env: Env, seed = 0): Controller {
  const random = generator(seed);
  return () => env.actionSpace.sample(random);
}

/**
 * Does nothing: 0 for every motor.
 *
 * @throws TypeError for choices: which of them is nothing, only the task knows
 */
export function idleController({ name, actionSpace: space }: { name: string; actionSpace: Space }): Controller {
  if (space.kind === "box") return () => new Float32Array(space.size);
  const remedy = "give the choice yourself, such as () => 1.";
  return refuse("idleController()", "env", "one of motors, not of choices", name, { kind: TypeError, remedy });
}
