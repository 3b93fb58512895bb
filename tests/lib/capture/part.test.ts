import { describe, expect, it } from "vitest";
import { Parts } from "../../../lib/src/capture/part";
import { tf } from "../../../lib/src/tensorflow";

describe("Parts", () => {
  it("tells the forward from the backward pass of a gradient, and what follows", () => {
    const parts = new Parts();
    const seen: string[] = [parts.now()];
    const square = tf.customGrad((x) => {
      seen.push(parts.now());
      return { value: tf.square(x as tf.Tensor), gradFunc: (dy) => (seen.push(parts.now()), dy as tf.Tensor) };
    });
    tf.tidy(() => tf.grad((x) => square(x))(tf.scalar(2)));
    seen.push(parts.now());
    expect(seen).toEqual(["forward", "forward", "backward", "update"]);
  });

  it("calls everything forward where nothing is differentiated", () => {
    const parts = new Parts();
    expect(tf.tidy(() => parts.now())).toBe("forward");
  });
});
