import { checkFunction, refuse } from "../check";
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
    if (model.inputs.length > 2 || model.outputs.length !== 1) {
      refuse(where, name, "a model with one output and one input, or a second one for classes", model.inputs.length);
    }
  }
  const tail = (tensor: tf.SymbolicTensor) =>
    `[${["batch", ...tensor.shape.slice(1).map((n) => n ?? "any")].join(", ")}]`;
  const [latents, samples] = [generator.inputs[0], generator.outputs[0]];
  const [inputs, logits] = [discriminator.inputs[0], discriminator.outputs[0]];
  if (latents.shape.length !== 2 || latents.shape[1] === null) {
    throw new RangeError(`${where} wants a generator of latents [batch, size], got one of ${tail(latents)}.`);
  }
  if (tail(samples) !== tail(inputs)) {
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
