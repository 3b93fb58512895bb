import { checkFunction } from "../check";
import type { Env } from "./env";
import type { Member, MemberLike, Space } from "./spaces";

/** What chooses an action from what is seen: a rule, or an agent. */
export type Controller<A extends Space = Space, O extends Space = Space> = (observation: Member<O>) => MemberLike<A>;

export interface EpisodeResult {
  /** The sum of the rewards. */
  return: number;
  /** The steps. */
  length: number;
  /** Whether the task ended by itself, not by a time limit. */
  terminated: boolean;
}

/**
 * Plays one episode to its end.
 *
 * @param act chooses an action from each observation
 * @throws Error where the environment has no end and no time limit after a million steps
 * @example rl.playEpisode(rl.make("CartPole-v1"), ([x, v, angle, turn]) => (angle + turn > 0 ? 1 : 0), { seed: 1 });
 */
export function playEpisode<A extends Space, O extends Space>(
  env: Env<A, O>,
  act: Controller<A, O>,
  options: { seed?: number } = {},
): EpisodeResult {
  checkFunction("playEpisode()", "act", act);
  let { observation } = env.reset(options);
  let sum = 0;
  for (let length = 1; length <= 1e6; length++) {
    const step = env.step(act(observation));
    observation = step.observation;
    sum += step.reward;
    if (step.terminated || step.truncated) return { return: sum, length, terminated: step.terminated };
  }
  throw new Error(`playEpisode() saw no end of ${env.name} in a million steps. Remedy: wrap it in timeLimit().`);
}
