import type { RandomGenerator } from "../random";
import type { ActorCritic } from "./actor-critic";
import type { LearningRow } from "./learning-history";
import type { ObservationMoments } from "./normalize";
import type { Controller } from "./play-episode";
import { clipActions, type Acting } from "./rollout";
import { RunningMoments } from "./running-moments";

/** What is noted of an agent when it is saved. */
export interface AgentNotes {
  /** The task that it was trained on. */
  env: string;
  algorithm: string;
  seed: number | string;
  /** Steps that it was trained for. */
  steps: number;
  /** What it gets, and over how many episodes, where that was measured. */
  score?: { mean: number; std: number; episodes: number };
}

/**
 * An agent that has learnt and now plays: a policy with the moments by which it sees. It takes observations as the
 * environment gives them, so that it can be judged, recorded and played anywhere.
 */
export class TrainedAgent implements Acting {
  private readonly moments?: RunningMoments;
  private seen = new Float32Array(0);

  constructor(
    readonly policy: ActorCritic,
    readonly notes: Readonly<AgentNotes>,
    /** By which observations are normalised; undefined where they go in as they are. */
    readonly normalization?: ObservationMoments,
    /** How it learnt, thinned out; empty where that is not known. */
    readonly log: readonly LearningRow[] = [],
  ) {
    if (!normalization) return;
    this.moments = new RunningMoments(policy.observationSize);
    this.moments.load(normalization.moments);
  }

  /** The task that it was trained on. */
  get env(): string {
    return this.notes.env;
  }

  /** As `ActorCritic.act`, for observations as they are: real-valued actions are not clipped. */
  act(observations: Float32Array, count: number, actions: Float32Array, random?: RandomGenerator): Float32Array {
    return this.policy.act(this.normalized(observations), count, actions, random);
  }

  /**
   * For `playEpisode`: the most likely action for what is seen, within the bounds of the task.
   *
   * @example rl.playEpisode(rl.make(agent.env), agent.controller(), { seed: 1 })
   */
  controller(): Controller {
    const { actionSpace, actionSize, observationSize } = this.policy;
    const [seen, chosen] = [new Float32Array(observationSize), new Float32Array(actionSize)];
    return (observation) => {
      if (typeof observation === "number") seen.fill(0)[observation] = 1;
      else seen.set(observation);
      this.act(seen, 1, chosen);
      if (actionSpace.kind === "discrete") return chosen[0];
      clipActions({ actionSpace, actionSize }, chosen);
      return chosen.slice();
    };
  }

  private normalized(observations: Float32Array): Float32Array {
    const { moments, normalization } = this;
    if (!moments) return observations;
    if (this.seen.length !== observations.length) this.seen = new Float32Array(observations.length);
    for (let at = 0; at < observations.length; at += moments.size) {
      moments.normalizeRow(observations, this.seen, at, normalization!.clip);
    }
    return this.seen;
  }

  /** Frees the weights. */
  dispose(): void {
    this.policy.dispose();
  }
}
