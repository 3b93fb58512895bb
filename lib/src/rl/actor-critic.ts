import { checkInteger, checkNumber, checkOneOf, checkOptions } from "../check";
import { generator, RandomGenerator } from "../random";
import { tf } from "../tensorflow";
import { Categorical, DiagonalGaussian } from "./distributions";
import { orthogonal } from "./orthogonal";
import { PlainNetwork } from "./plain-network";
import { argmax, sampleCategorical, sampleGaussian } from "./sampling";
import { actionSizeOf, type Space } from "./spaces";

export interface ActorCriticOptions {
  /** Units of the hidden layers, of both networks. @default [64, 64] */
  hidden?: readonly number[];
  /** Of the hidden layers. @default "tanh" */
  activation?: "tanh" | "relu";
  /** Where the initial weights come from. @default 0 */
  seed?: number | string;
  /** Logarithm of the first standard deviation of real-valued actions. @default 0 */
  logStd?: number;
}

/**
 * A policy and a value function, one network each: the actor gives the distribution of actions in a state, the critic
 * what is to be expected from there on.
 *
 * Hidden weights start orthogonal with gain √2, the actor's last ones with 0.01, so that all actions start about equally
 * likely, and the critic's last ones with 1; biases start at 0. The spread of real-valued actions is learned, and is the
 * same in all states. Andrychowicz et al.: What matters in on-policy reinforcement learning? ICLR 2021.
 *
 * `tf.*` computes with the networks themselves; `act` and `valuesOf` use copies in plain numbers, which `copyWeights`
 * brings up to date.
 */
export class ActorCritic {
  /** `[batch, observationSize]` to logits `[batch, n]` or means `[batch, size]`. */
  readonly actor: tf.Sequential;
  /** `[batch, observationSize]` to values `[batch, 1]`. */
  readonly critic: tf.Sequential;
  /** Logarithms of the standard deviations, `[size]`; undefined for a choice of n. */
  readonly logStd?: tf.Variable<tf.Rank.R1>;
  readonly actionSize: number;
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  readonly activation: "tanh" | "relu";
  private readonly plainActor: PlainNetwork;
  private readonly plainCritic: PlainNetwork;
  private plainLogStd: ArrayLike<number> = [];

  /** @throws RangeError, TypeError for options that don't fit */
  constructor(
    readonly observationSize: number,
    readonly actionSpace: Space,
    options: ActorCriticOptions = {},
  ) {
    const where = "ActorCritic()";
    checkOptions(where, options, ACTOR_CRITIC_OPTIONS);
    const { hidden = [64, 64], activation = "tanh", seed = 0, logStd = 0 } = options;
    checkInteger(where, "observationSize", observationSize, { min: 1 });
    hidden.forEach((units, i) => checkInteger(where, `hidden[${i}]`, units, { min: 1 }));
    checkOneOf(where, "activation", activation, ["tanh", "relu"]);
    checkNumber(where, "logStd", logStd);
    this.actionSize = actionSizeOf(actionSpace);
    this.hidden = [...hidden];
    this.activation = activation;
    const random = generator(seed).split("initial weights");
    const sizes = [observationSize, ...hidden];
    this.actor = network(random.split("actor"), [...sizes, actionSpace.size], activation, 0.01);
    this.critic = network(random.split("critic"), [...sizes, 1], activation, 1);
    if (actionSpace.kind === "box") {
      this.logStd = tf.tidy(() => tf.variable(tf.fill([actionSpace.size], logStd) as tf.Tensor1D));
    }
    this.plainActor = new PlainNetwork(this.actor);
    this.plainCritic = new PlainNetwork(this.critic);
    this.copyWeights();
  }

  /** All that is trained: the actor's weights, the spread, the critic's weights. */
  get variables(): tf.Variable[] {
    return [...this.actorVariables, ...weightsOf(this.critic)];
  }

  /** What the policy is made of: the actor's weights and the spread. */
  get actorVariables(): tf.Variable[] {
    return [...weightsOf(this.actor), ...(this.logStd ? [this.logStd] : [])];
  }

  /** The critic's weights. */
  get criticVariables(): tf.Variable[] {
    return weightsOf(this.critic);
  }

  /** The distribution of actions in each state. @param observations `[batch, observationSize]` */
  distribution(observations: tf.Tensor2D): Categorical | DiagonalGaussian {
    const output = this.actor.apply(observations) as tf.Tensor2D;
    return this.logStd ? new DiagonalGaussian(output, this.logStd) : new Categorical(output);
  }

  /** `V(s)`. @param observations `[batch, observationSize]` @returns `[batch]` */
  values(observations: tf.Tensor2D): tf.Tensor1D {
    return tf.tidy(() => tf.squeeze(this.critic.apply(observations) as tf.Tensor2D, [1]));
  }

  /** Brings the plain numbers that `act` and `valuesOf` use up to date. */
  copyWeights(): void {
    this.plainActor.copyWeights();
    this.plainCritic.copyWeights();
    this.plainLogStd = this.logStd?.dataSync() ?? [];
  }

  /**
   * One action for each state: drawn from the policy where `random` is given, else the most likely one.
   *
   * @param observations `[count, observationSize]`, flat
   * @param actions where they go, `[count, actionSize]`, flat; real-valued ones are not clipped
   * @throws RangeError where the policy gives NaN
   */
  act(observations: Float32Array, count: number, actions: Float32Array, random?: RandomGenerator): Float32Array {
    const output = this.plainActor.forward(observations, count);
    const { size } = this.actionSpace;
    for (let i = 0; i < count * size; i++) if (!Number.isFinite(output[i])) refuseOutput(output[i]);
    for (let row = 0; row < count; row++) {
      const at = row * size;
      if (!this.logStd) actions[row] = random ? sampleCategorical(random, output, at, size) : argmax(output, at, size);
      else if (random) sampleGaussian(random, output, this.plainLogStd, actions, at);
      else for (let i = at; i < at + size; i++) actions[i] = output[i];
    }
    return actions;
  }

  /** `V(s)` in plain numbers. @param observations `[count, observationSize]`, flat @returns `[count]` */
  valuesOf(observations: Float32Array, count: number): Float32Array {
    return this.plainCritic.forward(observations, count).slice();
  }

  /** Frees all weights. */
  dispose(): void {
    this.actor.dispose();
    this.critic.dispose();
    this.logStd?.dispose();
  }
}

/** The names of `ActorCriticOptions`, to refuse misspelt ones. */
export const ACTOR_CRITIC_OPTIONS: readonly (keyof ActorCriticOptions)[] = ["hidden", "activation", "seed", "logStd"];

function network(random: RandomGenerator, sizes: number[], activation: "tanh" | "relu", lastGain: number) {
  const model = tf.sequential();
  sizes.slice(1).forEach((units, k) => {
    const last = k === sizes.length - 2;
    const layer = tf.layers.dense({
      units,
      activation: last ? "linear" : activation,
      inputShape: [sizes[k]],
      kernelInitializer: "zeros",
    });
    model.add(layer);
    tf.tidy(() => {
      const kernel = orthogonal(random, sizes[k], units, last ? lastGain : Math.SQRT2);
      layer.setWeights([tf.tensor2d(kernel, [sizes[k], units]), tf.zeros([units])]);
    });
  });
  return model;
}

function weightsOf(model: tf.Sequential): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

function refuseOutput(value: number): never {
  throw new RangeError(
    `act() of the policy gave ${value} instead of logits or means: its weights have diverged. ` +
      "Remedy: a smaller learning rate, clipped gradients, or observations and rewards scaled to about -1 to 1.",
  );
}
