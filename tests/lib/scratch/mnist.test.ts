import { expect, it } from "vitest";
import { scratch } from "../../../lib/src";
import { embeddedDigits, type DigitBytes } from "../../../lib/src/data/embedded";
import { generator } from "../../../lib/src/random";

const PIXELS = 784;

/** Rows of pixels between 0 and 1, `[rows, 784]`, and their labels. */
function batch({ images, labels }: DigitBytes, rows: ArrayLike<number>) {
  const x = new Float64Array(rows.length * PIXELS);
  for (let i = 0; i < rows.length; i++) {
    for (let k = 0; k < PIXELS; k++) x[i * PIXELS + k] = images[rows[i] * PIXELS + k] / 255;
  }
  return { x: scratch.constant(x, [rows.length, PIXELS]), y: Array.from(rows, (row) => labels[row]) };
}

it("the engine trains a network of two layers to read digits it has not seen", async () => {
  const { train, test } = await embeddedDigits();
  const random = generator(1);
  const layer = (inputs: number, outputs: number) => [
    scratch.tensor(random.normals(inputs * outputs, 0, Math.sqrt(2 / inputs)), [inputs, outputs]),
    scratch.tensor(new Float64Array(outputs), [outputs]),
  ];
  const [W1, b1, W2, b2] = [...layer(PIXELS, 32), ...layer(32, 10)];
  const logits = (x: scratch.Tensor) => x.matmul(W1).add(b1).relu().matmul(W2).add(b2);
  for (let epoch = 0; epoch < 6; epoch++) {
    const order = random.permutation(train.labels.length);
    for (let start = 0; start + 32 <= order.length; start += 32) {
      const { x, y } = batch(train, order.subarray(start, start + 32));
      scratch.softmaxCrossEntropy(logits(x), y).backward();
      scratch.descend([W1, b1, W2, b2], 0.4);
    }
  }
  const { x, y } = batch(
    test,
    Int32Array.from(test.labels, (_, i) => i),
  );
  const z = logits(x).data;
  const right = y.filter((label, i) => {
    const row = z.subarray(i * 10, i * 10 + 10);
    return row.indexOf(Math.max(...row)) === label;
  }).length;
  expect(right / y.length).toBeGreaterThan(0.92);
});
