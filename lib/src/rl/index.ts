/** Reinforcement learning: environments, and what learns to act in them. */
export { a2c, actorCriticLoss, type A2c, type A2cOptions } from "./a2c";
export { ActorCritic, type ActorCriticOptions } from "./actor-critic";
export { Agent, type AgentOptions, type Annealed, type EnvSource, type LearnOptions } from "./agent";
export { type Distribution, Categorical, DiagonalGaussian } from "./distributions";
export {
  bootstrapInterval,
  evaluateAgent,
  interquartileMean,
  type AgentEvaluation,
  type BootstrapOptions,
  type EvaluateAgentOptions,
} from "./evaluate-agent";
export { generalizedAdvantages, type Advantages, type AdvantageOptions } from "./gae";
export { type EpisodeRow, type LearningHistory, type LearningRow, type LearningStopped } from "./learning-history";
export { orthogonal } from "./orthogonal";
export { PlainNetwork } from "./plain-network";
export { ppo, type Ppo, type PpoOptions } from "./ppo";
export { ppoLoss, type PolicyBatch, type PpoLossOptions, type PpoParts } from "./ppo-loss";
export { PpoUpdate, PPO_MEASURES, type LearnedSteps, type PpoUpdateOptions } from "./ppo-update";
export { reinforce, type Reinforce, type ReinforceOptions } from "./reinforce";
export { rewardsToGo, standardize, type ReturnsOptions } from "./returns";
export { Rollout, clipActions, type Acting } from "./rollout";
export { argmax, sampleCategorical, sampleGaussian } from "./sampling";

export { discrete, box, type Box, type Discrete, type Member, type MemberLike, type Space } from "./spaces";
export {
  Env,
  type EnvSpec,
  type Info,
  type Numbers,
  type ResetOptions,
  type ResetResult,
  type SavedEnv,
  type StepResult,
} from "./env";
export { BaseEnv } from "./base-env";
export { Wrapper, unwrap } from "./wrapper";
export { timeLimit } from "./time-limit";
export { vectorEnv, type Episode, type VectorEnv, type VectorEnvOptions } from "./vector-env";
export { make, register, envIds, specOf, type EnvEntry } from "./registry";
export { checkEnv, type CheckEnvOptions } from "./check-env";
export { sceneToSvg, shape, type Scene, type Shape } from "./scene";
export { armedBandit, type Bandit, type BanditOptions } from "./envs/bandit";
export { probe, probeNames, type ProbeName } from "./envs/probes";
export { identity, type IdentityOptions } from "./envs/identity";
export { CartPole } from "./envs/cart-pole";
export { MountainCar } from "./envs/mountain-car";
export { MountainCarContinuous } from "./envs/mountain-car-continuous";
export { Pendulum } from "./envs/pendulum";
export { Acrobot } from "./envs/acrobot";
export {
  directions,
  gridWorld,
  lakes,
  type GridWorld,
  type GridWorldOptions,
  type Transition,
} from "./envs/grid-world";
export { RunningMoments, type SavedMoments } from "./running-moments";
export {
  normalize,
  type Normalization,
  type NormalizedVectorEnv,
  type NormalizeOptions,
  type ObservationMoments,
} from "./normalize";
export { clipAction, rescaleAction, type RescaleActionOptions } from "./action-wrappers";
export { record, type Recorded, type RecordOptions } from "./record";
export { playEpisode, type Controller, type EpisodeResult } from "./play-episode";
export { loadMujoco, mjcf, type MjcfAttributes } from "./mujoco";
export { MujocoEnv, type MujocoTask } from "./mujoco-env";
export { InvertedPendulum } from "./envs/inverted-pendulum";
export { Swimmer } from "./envs/swimmer";
export { Hopper } from "./envs/hopper";
export { HalfCheetah } from "./envs/half-cheetah";
export { controllersOf, idleController, randomController, type ControllerRule } from "./controllers";
export { learner, recipe, RECIPES, type LearnerOptions, type Recipe } from "./recipes";
export { loadAgent, saveAgent, trainedAgent, trainedAgents } from "./saved-agent";
export { TrainedAgent, type AgentNotes } from "./trained-agent";
