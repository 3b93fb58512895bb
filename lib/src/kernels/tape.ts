/** Mends the gradient tape of TensorFlow.js, so that gradients can be differentiated again. */
import { tf } from "../tensorflow";

interface TapeNode {
  inputs: Record<string, tf.Tensor>;
  outputs: tf.Tensor[];
  saved?: tf.Tensor[];
}

interface Engine {
  state: { activeTape: TapeNode[] | null; gradientDepth: number };
  addTapeNode: AddTapeNode;
}
type AddTapeNode = ((this: Engine, ...node: unknown[]) => void) & { [ORIGINAL]?: AddTapeNode };

const ORIGINAL = Symbol.for("nablab.original");

/**
 * Puts every operation on the tape before the copies of its outputs that it saves for its own gradient.
 *
 * TensorFlow.js makes these copies first. Then the tape does not know that they depend on the inputs, and the second
 * gradient of everything that saves an output (`tanh`, `sigmoid`, `exp`, `softmax`, `sqrt`, …) is missing: alone it
 * throws, in a sum with other terms, as in `x · sigmoid(x)`, it is wrong without a word.
 */
export function registerTape(): void {
  const prototype = Object.getPrototypeOf(tf.engine()) as Engine;
  const original = prototype.addTapeNode[ORIGINAL] ?? prototype.addTapeNode;
  const replacement: AddTapeNode = function (...node) {
    original.apply(this, node);
    const tape = this.state.activeTape!;
    const added = tape[tape.length - 1];
    let place = tape.length - 1;
    for (let i = place - 1; i >= 0 && isCopy(tape[i]); i--) if (added.outputs.includes(tape[i].inputs.x)) place = i;
    if (place < tape.length - 1) tape.splice(place, 0, tape.pop()!);
  };
  replacement[ORIGINAL] = original;
  prototype.addTapeNode = replacement;
}

/** Copies are put on the tape in pairs of one input `x` and one output of the same shape. */
function isCopy({ inputs, outputs }: TapeNode): boolean {
  return outputs.length === 1 && inputs.x !== undefined && inputs.x.dataId === outputs[0].dataId;
}

/**
 * Gradients of a function within the gradient of a kernel. There `tf.grads` would throw the tape away that TensorFlow.js
 * is just going through.
 */
export function gradientsWithin(f: (...xs: tf.Tensor[]) => tf.Tensor, xs: tf.Tensor[]): tf.Tensor[] {
  const { state } = tf.engine() as unknown as Engine;
  state.gradientDepth++;
  try {
    return tf.grads(f)(xs);
  } finally {
    state.gradientDepth--;
  }
}

/**
 * Frees what operations saved for their gradients after a run that failed. TensorFlow.js does so only at the end of a pass
 * back that went well; what a function recorded before it threw would stay for good.
 */
export function freeTape(): void {
  const { state } = tf.engine() as unknown as Engine;
  if (state.gradientDepth > 0) return; // a gradient around this one still needs it
  tf.dispose(state.activeTape?.flatMap(({ saved = [] }) => saved) ?? []);
  state.activeTape = null;
}
