import { checkFunction } from "../check";
import { tf } from "../tensorflow";

/**
 * Checks that a generator and a discriminator fit together.
 *
 * @returns the size of a latent vector, and of the second inputs, 0 where there are none
 * @throws TypeError, RangeError
 */
export function checkPair(
  where: string,
  generator: tf.LayersModel,
  discriminator: tf.LayersModel,
): { latentSize: number; classes: number } {
  for (const [name, model] of Object.entries({ generator, discriminator })) {
    checkFunction(where, `${name}.apply`, model?.apply, `give it a tf.LayersModel as ${name}.`);
    const [inputs, outputs] = [model.inputs.length, model.outputs.length];
    if (inputs > 2 || outputs !== 1) {
      throw new RangeError(
        `${where} wants ${name} to be a model with one output and one input, or a second one for classes, ` +
          `got one with ${inputs} inputs and ${outputs} outputs.`,
      );
    }
  }
  const tail = (tensor: tf.SymbolicTensor) =>
    `[${["batch", ...tensor.shape.slice(1).map((n) => n ?? "any")].join(", ")}]`;
  const [latents, samples] = [generator.inputs[0], generator.outputs[0]];
  const [inputs, logits] = [discriminator.inputs[0], discriminator.outputs[0]];
  if (latents.shape.length !== 2 || latents.shape[1] === null) {
    throw new RangeError(`${where} wants a generator of latents [batch, size], got one of ${tail(latents)}.`);
  }
  const fits =
    samples.shape.length === inputs.shape.length &&
    inputs.shape.slice(1).every((size, i) => size === null || size === samples.shape[i + 1]);
  if (!fits) {
    throw new RangeError(
      `${where} wants a discriminator of what the generator makes, ${tail(samples)}, got one of ${tail(inputs)}.`,
    );
  }
  if (logits.shape.length !== 2 || logits.shape[1] !== 1) {
    throw new RangeError(`${where} wants a discriminator that answers logits [batch, 1], got ${tail(logits)}.`);
  }
  const last = discriminator.layers[discriminator.layers.length - 1] as unknown as {
    activation?: { getClassName?(): string };
  };
  if (last.activation?.getClassName?.() === "sigmoid") {
    throw new RangeError(
      `${where} wants a discriminator that ends in logits, got one that ends in a sigmoid. ` +
        "Remedy: leave the last activation out; the losses have it inside, where it is stable.",
    );
  }
  return { latentSize: latents.shape[1], classes: checkClasses(where, generator, discriminator) };
}

/** Checks the optimizers that were given. @throws TypeError where one is none, RangeError where both networks share one */
export function checkOptimizers(where: string, generator?: tf.Optimizer, discriminator?: tf.Optimizer): void {
  for (const [name, optimizer] of Object.entries({ generator, discriminator })) {
    if (optimizer === undefined) continue;
    const remedy = `tf.train.adam(0.0002, 0.5) as ${name}Optimizer.`;
    checkFunction(where, `${name}Optimizer.applyGradients`, optimizer?.applyGradients, remedy);
  }
  // What it remembers of a variable it finds by the variable's place: the networks would get each other's momentum.
  if (generator && generator === discriminator) {
    throw new RangeError(
      `${where} wants an optimizer for each network, got one for both. Remedy: make another one of the same kind.`,
    );
  }
}

function checkClasses(where: string, generator: tf.LayersModel, discriminator: tf.LayersModel): number {
  const [own, other] = [generator, discriminator].map(({ inputs }) => (inputs.length === 1 ? [] : inputs[1].shape));
  if (String(own) !== String(other)) {
    const name = (shape: tf.Shape) => (shape.length === 0 ? "none" : `[${shape.map((n) => n ?? "batch").join(", ")}]`);
    throw new RangeError(
      `${where} wants both networks to get the same classes, got second inputs ${name(own)} for the generator and ` +
        `${name(other)} for the discriminator.`,
    );
  }
  if (own.length === 0) return 0;
  if (own.length === 2 && own[1]) return own[1];
  throw new RangeError(`${where} wants second inputs [batch, classes], got one of ${own.length} dimensions.`);
}
