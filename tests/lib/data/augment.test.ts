import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { cutout, randomFlip, randomTranslation } from "../../../lib/src/data/augment";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";

/** `[batch, 4, 5, 2]`, each number once, so that every pixel can be followed. */
const BATCH = 200;
const [HEIGHT, WIDTH, CHANNELS] = [4, 5, 2];
type Images = number[][][][];
let images: tf.Tensor4D;
let given: Images;
let before: number;

setRandomSeed(0); // makes the one variable that stays, before anybody counts

beforeEach(() => {
  before = tf.memory().numTensors;
  setRandomSeed(1);
  images = tf.tidy(() => tf.range(0, BATCH * HEIGHT * WIDTH * CHANNELS).reshape([BATCH, HEIGHT, WIDTH, CHANNELS]));
  given = images.arraySync();
});
afterEach(() => {
  images.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

function run(change: (x: tf.Tensor4D) => tf.Tensor4D): Images {
  const changed = change(images);
  expect(changed.shape).toEqual(images.shape);
  expect(tf.memory().numTensors).toBe(before + 2); // the images and the result, and nothing on the way
  const values = changed.arraySync();
  changed.dispose();
  return values;
}

describe("randomFlip", () => {
  it("mirrors about half of the images, each as a whole, and leaves the others", () => {
    let mirrored = 0;
    run(randomFlip).forEach((image, i) => {
      const flipped = given[i].map((row) => [...row].reverse());
      const isFlipped = image[0][0][0] !== given[i][0][0][0];
      expect(image).toEqual(isFlipped ? flipped : given[i]);
      mirrored += Number(isFlipped);
    });
    // Binomial(200, 1/2): standard deviation 7.1.
    expect(Math.abs(mirrored - BATCH / 2)).toBeLessThan(5 * 7.1);
  });
});

describe("randomTranslation", () => {
  /** By the definition: the row above the first is the second, the one below the last is the last but one. */
  const reflect = (place: number, size: number) =>
    place < 0 ? -place : place >= size ? 2 * (size - 1) - place : place;
  const moved = (image: number[][][], down: number, right: number) =>
    image.map((row, y) => row.map((_, x) => image[reflect(y + down, HEIGHT)][reflect(x + right, WIDTH)]));

  it.each([1, 2])("moves each image by up to %i pixels each way, and reflects it at the rim", (pixels) => {
    const shifts = Array.from({ length: 2 * pixels + 1 }, (_, i) => i - pixels);
    const seen = new Map<string, number>();
    run((x) => randomTranslation(x, pixels)).forEach((image, i) => {
      const all = shifts.flatMap((down) => shifts.map((right) => ({ down, right })));
      const fits = all.filter(({ down, right }) => String(moved(given[i], down, right)) === String(image));
      expect(fits.length).toBe(1);
      const { down, right } = fits[0];
      for (const key of [`down ${down}`, `right ${right}`]) seen.set(key, (seen.get(key) ?? 0) + 1);
    });
    // Every shift occurs, about equally often.
    expect(seen.size).toBe(2 * shifts.length);
    const mean = BATCH / shifts.length;
    for (const count of seen.values()) expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean));
  });

  it("leaves images alone for 0 pixels, and refuses more than there are", () => {
    expect(run((x) => randomTranslation(x, 0))).toEqual(given);
    expect(() => randomTranslation(images, 4)).toThrow(
      "randomTranslation() wants pixels to be an integer from 0 to 3, got 4.",
    );
  });
});

describe("cutout", () => {
  it("covers a square around any pixel, cut off at the rim, in all channels", () => {
    const corners = new Set<string>();
    run((x) => cutout(x, 3, { fill: -1 })).forEach((image, i) => {
      const covered = image.map((row) => row.map((pixel) => pixel.every((value) => value === -1)));
      image.forEach((row, y) =>
        row.forEach((pixel, x) => (covered[y][x] ? undefined : expect(pixel).toEqual(given[i][y][x]))),
      );
      const rows = covered.flatMap((row, y) => (row.includes(true) ? [y] : []));
      const columns = covered[rows[0]].flatMap((is, x) => (is ? [x] : []));
      for (const [y, row] of covered.entries()) {
        expect(row.flatMap((is, x) => (is ? [x] : []))).toEqual(rows.includes(y) ? columns : []);
      }
      corners.add(`rows ${rows.join("")}`).add(`columns ${columns.join("")}`);
    });
    expect([...corners].sort()).toEqual(
      ["rows 01", "rows 012", "rows 123", "rows 23"]
        .concat(["columns 01", "columns 012", "columns 123", "columns 234", "columns 34"].sort())
        .sort(),
    );
  });

  it("covers nothing with a square of side 0, and fills with 0 where nothing is said", () => {
    expect(run((x) => cutout(x, 0))).toEqual(given);
    const all = run((x) => cutout(x, 20));
    expect(all.flat(3).every((value) => value === 0)).toBe(true);
  });

  it("refuses wrong sizes and options", () => {
    expect(() => cutout(images, 1.5)).toThrow("cutout() wants size to be an integer from 0 up, got 1.5.");
    expect(() => cutout(images, 1, { fil: 1 } as object)).toThrow("did you mean fill?");
  });
});

describe("all of them", () => {
  it("draw anew at every call of a compiled step, and what eager code draws after the same seed", () => {
    const change = (x: tf.Tensor4D) => cutout(randomTranslation(randomFlip(x), 2), 2);
    const values = (step: typeof change) => tf.tidy(() => Array.from(step(images).dataSync()));
    setRandomSeed(5);
    const eager = [0, 1, 2].map(() => values(change));
    const step = compile(change);
    setRandomSeed(5);
    expect([0, 1, 2].map(() => values(step))).toEqual(eager);
    expect(eager[0]).not.toEqual(eager[1]);
    expect(step.stats()).toMatchObject({ recordings: 1 });
    step.dispose();
  });

  it("refuse what is no batch of float32 images", () => {
    const flat = tf.zeros([4, 4]) as unknown as tf.Tensor4D;
    const whole = tf.zeros([1, 2, 2, 1], "int32") as tf.Tensor4D;
    for (const change of [randomFlip, (x: tf.Tensor4D) => randomTranslation(x, 1), (x: tf.Tensor4D) => cutout(x, 1)]) {
      expect(() => change(flat)).toThrow("wants images to be a tensor of shape [any, any, any, any], got");
      expect(() => change(whole)).toThrow(/\(\) wants images to be float32, got/);
    }
    tf.dispose([flat, whole]);
  });
});
