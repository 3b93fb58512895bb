import { tf } from "../tensorflow";

/** Which part of a training step an op belongs to: computing the loss, its gradients, or what follows from them. */
export type Part = "forward" | "backward" | "update";

/**
 * Tells the part of a step that is running, once for each of its ops. TensorFlow.js runs the two passes of a gradient in
 * scopes with these names; what comes outside of them after a backward pass uses its gradients.
 */
export class Parts {
  private differentiated = false;

  now(): Part {
    const { scopeStack } = (tf.engine() as unknown as { state: { scopeStack: { name: string }[] } }).state;
    for (const { name } of scopeStack) {
      if (name === "forward") return "forward";
      if (name === "backward") {
        this.differentiated = true;
        return "backward";
      }
    }
    return this.differentiated ? "update" : "forward";
  }
}
