import type * as tfjs from "@tensorflow/tfjs-node-gpu";
import { sequential } from "./layers";
import { Workload } from "./workload";

/** A workload made ready: what one step does, and the tensors that it gets each time. */
export interface Task {
  step: (...inputs: tfjs.Tensor[]) => tfjs.Tensor;
  inputs: tfjs.Tensor[];
}

/** Makes a workload's model, data and step with the TensorFlow.js that it is given: nablab's, or as it comes. */
export function makeTask(tf: typeof tfjs, workload: Workload): Task {
  return { classify, infer, ppo, gan, limit: infer }[workload.task](tf, workload);
}

type Maker = (tf: typeof tfjs, workload: Workload) => Task;

/** Standard normal numbers, the same for every contender in JavaScript. */
const normal = (tf: typeof tfjs, shape: number[]) => tf.randomNormal(shape, 0, 1, "float32", 1);

function optimizer(tf: typeof tfjs, name: Workload["optimizer"]): tfjs.Optimizer {
  if (name === "adam") return tf.train.adam(0.001);
  return name === "sgd" ? tf.train.sgd(0.01) : tf.train.momentum(0.01, 0.9, true);
}

const classify: Maker = (tf, { input, batch, layers, optimizer: name }) => {
  const model = sequential(tf, layers, input);
  const rule = optimizer(tf, name);
  const labels = tf.range(0, batch, 1, "int32").mod(tf.scalar(10, "int32"));
  return {
    step: (x, y) =>
      rule.minimize(() => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tfjs.Tensor), true)!,
    inputs: [normal(tf, [batch, ...input]), tf.oneHot(labels, 10).toFloat()],
  };
};

const infer: Maker = (tf, { input, batch, layers }) => {
  const model = sequential(tf, layers, input);
  return { step: (x) => tf.tidy(() => model.apply(x) as tfjs.Tensor), inputs: [normal(tf, [batch, ...input])] };
};

/** Schulman et al. 2017: the clipped surrogate, half the squared error of the value, and a hundredth of the entropy. */
const ppo: Maker = (tf, { input, batch, layers, optimizer: name }) => {
  const policy = sequential(tf, [...layers, "dense 4"], input);
  const value = sequential(tf, [...layers, "dense 1"], input);
  const rule = optimizer(tf, name);
  const actions = tf.oneHot(tf.range(0, batch, 1, "int32").mod(tf.scalar(4, "int32")), 4).toFloat();
  return {
    step: (x, taken, before, advantage, returns) =>
      rule.minimize(() => {
        const logs = tf.logSoftmax(policy.apply(x) as tfjs.Tensor); // [batch, 4]
        const ratio = logs.mul(taken).sum(1).sub(before).exp(); // [batch]
        const surrogate = tf.minimum(ratio.mul(advantage), ratio.clipByValue(0.8, 1.2).mul(advantage)).mean();
        const valueLoss = (value.apply(x) as tfjs.Tensor).reshape([batch]).sub(returns).square().mean();
        const entropy = logs.exp().mul(logs).sum(1).mean().neg();
        return valueLoss.mul(0.5).sub(surrogate).sub(entropy.mul(0.01)) as tfjs.Scalar;
      }, true)!,
    inputs: [
      normal(tf, [batch, ...input]),
      actions,
      tf.fill([batch], Math.log(0.25)),
      normal(tf, [batch]),
      normal(tf, [batch]),
    ],
  };
};

/**
 * Goodfellow et al. 2014 with the loss that does not saturate; one step of the discriminator, one of the generator. Each draws
 * noise of its own, as a training does: from the same noise a compiler could make the samples once for both.
 */
const gan: Maker = (tf, { input, batch, layers, generator = [], optimizer: name }) => {
  const [judge, maker] = [sequential(tf, layers, input), sequential(tf, generator, [100])];
  const [judgeRule, makerRule] = [optimizer(tf, name), optimizer(tf, name)];
  const variables = (model: tfjs.Sequential) => model.trainableWeights.map((weight) => weight.read() as tfjs.Variable);
  const score = (x: tfjs.Tensor) => judge.apply(x, { training: true }) as tfjs.Tensor;
  const make = () => maker.apply(tf.randomNormal([batch, 100]), { training: true }) as tfjs.Tensor;
  const cost = (scores: tfjs.Tensor, sign: number) => scores.mul(sign).softplus().mean();
  return {
    step: (real) => {
      const judged = judgeRule.minimize(
        () => cost(score(real), -1).add(cost(score(make()), 1)) as tfjs.Scalar,
        true,
        variables(judge),
      )!;
      const made = makerRule.minimize(() => cost(score(make()), -1) as tfjs.Scalar, true, variables(maker))!;
      const sum = judged.add(made);
      tf.dispose([judged, made]);
      return sum;
    },
    inputs: [normal(tf, [batch, ...input])],
  };
};
