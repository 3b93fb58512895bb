import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkOneOf, checkOptions, missingCheckpoint } from "../check";
import { readSafetensors, writeSafetensors } from "../data/safetensors-file";
import { assignWeights, storedWeights } from "../models/weights-file";
import { ActorCritic } from "./actor-critic";
import type { Agent } from "./agent";
import type { LearningRow } from "./learning-history";
import { type ObservationMoments, observationMomentsOf } from "./normalize";
import { RECIPES } from "./recipes";
import { box, discrete, type Space } from "./spaces";
import { type AgentNotes, TrainedAgent } from "./trained-agent";

/** What a policy is made of, besides its weights. */
interface Form {
  observationSize: number;
  /** Bounds as text: JSON knows no infinity. */
  actions: { n: number } | { low: string[]; high: string[]; shape: readonly number[] };
  hidden: readonly number[];
  activation: "tanh" | "relu";
  normalization?: ObservationMoments;
}

const FORMAT = "nablab agent 1";
/** Where the agents that come with nablab lie. The path is the same seen from src/ and from dist/. */
export const trainedAgentsFolder = join(__dirname, "../../checkpoints/agents");

/**
 * Writes what an agent needs to play, in safetensors format: its weights, and the moments by which it sees. To go on
 * learning it needs more: `agent.save`.
 *
 * @param notes the task by the name that `make` knows, by default what its environments are called; the score, if known
 * @example
 * rl.saveAgent("hopper.safetensors", agent);
 * rl.playEpisode(rl.make("Hopper-v5"), rl.loadAgent("hopper.safetensors").controller());
 */
export function saveAgent(file: string, agent: Agent, notes: Partial<Pick<AgentNotes, "env" | "score">> = {}): void {
  checkOptions("saveAgent()", notes, ["env", "score"]);
  const { policy, envs, algorithm, seed, steps } = agent;
  const { observationSize, hidden, activation, actionSpace } = policy;
  const actions = formOf(actionSpace);
  const form: Form = { observationSize, actions, hidden, activation, normalization: observationMomentsOf(envs) };
  const told: AgentNotes = { env: envs.name, algorithm, seed, steps, ...notes };
  const metadata = { format: FORMAT, policy: JSON.stringify(form), notes: JSON.stringify(told) };
  writeSafetensors(file, { tensors: storedWeights(policy.variables), metadata });
}

/**
 * An agent that plays as it did when it was saved, to the same numbers.
 *
 * @returns to be disposed of by the caller
 * @throws Error where the file cannot be read, RangeError where it is damaged or holds something else
 */
export function loadAgent(file: string): TrainedAgent {
  return load(file, []);
}

function load(file: string, log: LearningRow[]): TrainedAgent {
  const { tensors, metadata } = readSafetensors(file);
  const refuse = (what: string): never => {
    throw new RangeError(`loadAgent() cannot use ${file}: ${what}. Remedy: a file that saveAgent() wrote.`);
  };
  if (metadata.format !== FORMAT) refuse(`it is no ${FORMAT}`);
  const { observationSize, actions, hidden, activation, normalization } = JSON.parse(metadata.policy) as Form;
  const policy = new ActorCritic(observationSize, spaceOf(actions), { hidden, activation });
  try {
    assignWeights(policy.variables, tensors, refuse);
  } catch (error) {
    policy.dispose();
    throw error;
  }
  policy.copyWeights();
  return new TrainedAgent(policy, JSON.parse(metadata.notes) as AgentNotes, normalization, log);
}

/** The tasks for which an agent comes trained. */
export const trainedAgents = (): string[] =>
  RECIPES.filter(({ algorithm }) => algorithm === "ppo").map(({ env }) => env);

/**
 * An agent that comes trained, with the log of its training and its score over 100 episodes. It was trained with
 * `recipe(env)` and seed 0, the first of five and not the best, by `lib/src/checkpoints/train-agents.ts`.
 *
 * @returns to be disposed of by the caller
 * @throws RangeError for a task without one: it lists them; Error where its file is missing
 * @example
 * const agent = rl.trainedAgent("CartPole-v1");
 * rl.evaluateAgent(agent, rl.vectorEnv(agent.env, { count: 10 }), { seed: 10_000 }).mean;
 */
export function trainedAgent(env: string): TrainedAgent {
  checkOneOf("trainedAgent()", "env", env, trainedAgents());
  const file = join(trainedAgentsFolder, `${env}.safetensors`);
  if (!existsSync(file)) throw missingCheckpoint("trainedAgent()", `file ${file}`, `train-agents.js ${env}`);
  const log = readFileSync(join(trainedAgentsFolder, `${env}.jsonl`), "utf8")
    .trim()
    .split("\n");
  return load(
    file,
    log.map((line) => JSON.parse(line) as LearningRow),
  );
}

function formOf(space: Space): Form["actions"] {
  if (space.kind === "discrete") return { n: space.n };
  const { low, high, shape } = space;
  return { low: Array.from(low, String), high: Array.from(high, String), shape };
}

function spaceOf(form: Form["actions"]): Space {
  return "n" in form ? discrete(form.n) : box(form.low.map(Number), form.high.map(Number), form.shape);
}
