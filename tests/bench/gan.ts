/**
 * Whether a GAN that trains for long holds its memory: `node tests/bench/dist/gan.js` after `tsc --build tests/bench` makes
 * 11,000 rounds of a small pair of convolutional networks, both steps compiled, and prints tensors and resident memory.
 */
import { compile, gan, memory, setRandomSeed, tf } from "nablab";

const WARM = 1000;
const ROUNDS = 10_000;
const BATCH = 16;

const { layers } = tf;
const generator = tf.sequential({
  layers: [
    layers.dense({ units: 4 * 4 * 8, inputShape: [8] }),
    layers.leakyReLU({ alpha: 0.2 }),
    layers.reshape({ targetShape: [4, 4, 8] }),
    layers.conv2dTranspose({ filters: 1, kernelSize: 4, strides: 2, padding: "same", activation: "tanh" }),
  ],
});
const discriminator = tf.sequential({
  layers: [
    layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, padding: "same", inputShape: [8, 8, 1] }),
    layers.leakyReLU({ alpha: 0.2 }),
    layers.dropout({ rate: 0.3 }),
    layers.flatten(),
    layers.dense({ units: 1 }),
  ],
});

setRandomSeed(1);
const pair = new gan.Gan({ generator, discriminator });
const real = tf.randomUniform([BATCH, 8, 8, 1], -1, 1, "float32", 1);
const steps = { discriminator: compile(pair.discriminatorStep), generator: compile(pair.generatorStep) };
let warm = memory();
let highest = 0;
for (let round = 1; round <= WARM + ROUNDS; round++) {
  tf.dispose([steps.discriminator(real), steps.generator(BATCH)]);
  if (round === WARM) warm = memory();
  if (round > WARM && round % 1000 === 0) {
    const { tensors, process: bytes } = memory();
    highest = Math.max(highest, bytes);
    const grown = ((bytes - warm.process) / 1e6).toFixed(1);
    console.log(`${round - WARM} rounds: ${tensors - warm.tensors} tensors and ${grown} MB more than after ${WARM}`);
  }
}
console.log(`at most ${((highest - warm.process) / 1e6).toFixed(1)} MB more, of ${(warm.process / 1e6).toFixed(0)} MB`);
