import { describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { ganLoss, GanLossName } from "../../../lib/src/gan/losses";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/gan/losses.json";

const real = tf.tensor2d(truth.real, [7, 1]);
const generated = tf.tensor2d(truth.generated, [7, 1]);
const close = { atol: 1e-6, rtol: 1e-6 };
const named = (name: string) => ganLoss("test", name as GanLossName);

describe("the losses of a GAN", () => {
  it.each(truth.losses)("$name: the discriminator has PyTorch's value and gradients", ({ name, discriminator }) => {
    tf.tidy(() => {
      const { value, grads } = tf.valueAndGrads((r, g) => named(name).discriminator(r, g))([real, generated]);
      expect(value.dataSync()).toBeAllclose([discriminator.loss], close);
      expect(grads[0].dataSync()).toBeAllclose(discriminator.real, close);
      expect(grads[1].dataSync()).toBeAllclose(discriminator.generated, close);
    });
  });

  it.each(truth.losses)("$name: the generator has PyTorch's value and gradient", ({ name, generator }) => {
    tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((g: tf.Tensor) => named(name).generator(g))(generated);
      expect(value.dataSync()).toBeAllclose([generator.loss], close);
      expect(grad.dataSync()).toBeAllclose(generator.generated, close);
    });
  });

  it("are finite for logits that exp() cannot hold", () => {
    const [sure, wrong] = [tf.tensor2d([[500]]), tf.tensor2d([[-500]])];
    // -log σ(-500) - log(1 - σ(500)) = 500 + 500; log(1 - σ(500)) = -500; -log σ(-500) = 500.
    expect(named("nonSaturating").discriminator(wrong, sure).dataSync()).toBeAllclose([1000]);
    expect(named("minimax").generator(sure).dataSync()).toBeAllclose([-500]);
    expect(named("nonSaturating").generator(wrong).dataSync()).toBeAllclose([500]);
    const grad = tf.grad((g: tf.Tensor) => named("nonSaturating").generator(g))(wrong);
    expect(grad.dataSync()).toBeAllclose([-1]);
  });

  it.each(truth.losses)(
    "$name leaves nothing behind but its result, also in a compiled step",
    ({ name, generator }) => {
      const before = tf.memory().numTensors;
      const step = compile((r: tf.Tensor2D, g: tf.Tensor2D) => [
        named(name).discriminator(r, g),
        named(name).generator(g),
      ]);
      for (let call = 0; call < 3; call++) {
        const losses = step(real, generated);
        expect(losses[1].dataSync()).toBeAllclose([generator.loss], close);
        tf.dispose(losses);
      }
      step.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it("refuses unknown names and what is no tensor", () => {
    expect(() => named("hinges")).toThrow('did you mean "hinge"?');
    expect(() => ganLoss("Gan()", { ...named("hinge"), boundary: NaN })).toThrow("Gan() wants loss.boundary");
    expect(() => ganLoss("Gan()", {} as never)).toThrow("Gan() wants loss.discriminator to be a function");
    const before = tf.memory().numTensors;
    expect(() => named("minimax").discriminator(real, [1] as never)).toThrow(
      "a GAN's loss wants generated to be a tensor",
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
