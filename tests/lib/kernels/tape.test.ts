import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsTensorFlow } from "./against-tensorflow";

describe("the gradient tape", () => {
  it("follows outputs that an operation saved for its gradient", () => {
    expectAsTensorFlow("exp", tf.exp);
    expectAsTensorFlow("softmax", (x) => tf.softmax(x));
    expectAsTensorFlow("tanh", tf.tanh);
  });

  it("still throws where nothing leads from x to y", () => {
    expect(() => tf.grad(() => tf.scalar(1))(tf.scalar(2))).toThrow(/Cannot compute gradient/);
  });
});
