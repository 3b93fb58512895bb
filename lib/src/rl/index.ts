/** Reinforcement learning: environments, and what learns to act in them. */
export { ActorCritic, type ActorCriticOptions } from "./actor-critic";
export { type Distribution, Categorical, DiagonalGaussian } from "./distributions";
export { generalizedAdvantages, type Advantages, type AdvantageOptions } from "./gae";
export { orthogonal } from "./orthogonal";
export { PlainNetwork } from "./plain-network";
export { rewardsToGo, standardize, type ReturnsOptions } from "./returns";
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
