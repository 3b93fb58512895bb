import { tf } from "../tensorflow";

type Call = (this: never, inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>) => tf.Tensor | tf.Tensor[];

const ORIGINAL = Symbol.for("nablab.original");
type Replaceable = Call & { [ORIGINAL]?: Call };

/**
 * Replaces what a layer class computes, for layers that exist already too.
 *
 * The class comes from the registry for loading models: making a layer to look at its class would use up a layer name.
 *
 * @param make gets the layer's own `call`, to pass on what the new one does not handle
 */
export function replaceCall(className: string, make: (original: Call) => Call): void {
  const { prototype } = tf.serialization.SerializationMap.getMap().classNameMap[className][0] as unknown as {
    prototype: { call: Replaceable };
  };
  const original = prototype.call[ORIGINAL] ?? prototype.call;
  prototype.call = Object.assign(make(original), { [ORIGINAL]: original });
}

/** The one tensor that a layer with a single input gets, alone or in a list. */
export function onlyTensor(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | undefined {
  if (!Array.isArray(inputs)) return inputs;
  return inputs.length === 1 ? inputs[0] : undefined;
}
