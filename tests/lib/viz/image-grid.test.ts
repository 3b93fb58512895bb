import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { jupyterDisplay } from "../../../lib/src/display";
import { tf } from "../../../lib/src/tensorflow";
import { imageGrid, type Picture } from "../../../lib/src/viz";

/** Red, green, blue and opacity where an image's pixel has its middle, as a PNG reader sees it. */
function colorAt({ png, width }: Picture, x: number, y: number): number[] {
  const file = PNG.sync.read(png);
  expect(file.width).toBe(2 * width);
  return [...file.data.subarray(4 * (y * file.width + x), 4 * (y * file.width + x) + 4)];
}

describe("imageGrid", () => {
  it("draws each pixel as a square of its grey", () => {
    const picture = imageGrid(tf.tensor3d([0, 0.2, 0.6, 1], [1, 2, 2]), { size: 8 });
    // 8 CSS pixels are 16 of the file: 8 for each of the two pixels, behind a margin of 12.
    expect(colorAt(picture, 12, 12)).toEqual([0, 0, 0, 255]);
    expect(colorAt(picture, 27, 12)).toEqual([51, 51, 51, 255]);
    expect(colorAt(picture, 12, 27)).toEqual([153, 153, 153, 255]);
    expect(colorAt(picture, 27, 27)).toEqual([255, 255, 255, 255]);
  });

  it("draws colours", () => {
    const picture = imageGrid(Uint8Array.of(255, 128, 0), { shape: [1, 1, 1, 3], size: 8 });
    expect(colorAt(picture, 16, 16)).toEqual([255, 128, 0, 255]);
  });

  it("colours numbers by their sign: white at 0, the full colour at the one furthest from it", () => {
    const picture = imageGrid([-2, 0, 4, -4], { shape: [4, 1, 1], colors: "signed", size: 8, columns: 4 });
    const seen = [0, 1, 2, 3].map((i) => colorAt(picture, 16 + i * 28, 16));
    // Half way from white to vermilion (221, 100, 20); white; blue (42, 127, 193); vermilion.
    expect(seen).toEqual([
      [238, 178, 138, 255],
      [255, 255, 255, 255],
      [42, 127, 193, 255],
      [221, 100, 20, 255],
    ]);
    const ranged = imageGrid([2, -9], { shape: [2, 1, 1], colors: "signed", range: [-4, 4], size: 8 });
    expect(colorAt(ranged, 16, 16)).toEqual([149, 191, 224, 255]); // half way from white to blue
    expect(colorAt(ranged, 44, 16)).toEqual([221, 100, 20, 255]); // out of range, cut off
    expect(() => imageGrid([0, 0, 0], { shape: [1, 1, 1, 3], colors: "signed" })).toThrow("one channel");
    expect(() => imageGrid([0], { shape: [1, 1, 1], colors: "rainbow" as never })).toThrow('"grey" or "signed"');
  });

  it("has no background, so that it fits light and dark pages", () => {
    expect(colorAt(imageGrid([1], { shape: [1, 1, 1], size: 8 }), 0, 0)).toEqual([0, 0, 0, 0]);
  });

  it("writes captions below and points out what is highlighted", () => {
    const plain = imageGrid([0, 0], { shape: [2, 1, 1], captions: ["I", "I"] });
    const accent = imageGrid([0, 0], { shape: [2, 1, 1], captions: ["I", "I"], highlight: [false, true] });
    const orange = ({ png }: Picture) => {
      const { data } = PNG.sync.read(png);
      let count = 0;
      for (let i = 0; i < data.length; i += 4)
        if (data[i] === 221 && data[i + 1] === 100 && data[i + 2] === 20) count++;
      return count;
    };
    expect(orange(plain)).toBe(0);
    expect(orange(accent)).toBeGreaterThan(100);
    expect(plain.description).toBe("2 images of 1×1 pixels: I, I.");
  });

  it("puts ten digits in a row and makes rows as needed", () => {
    const [ten, twenty] = [10, 20].map((n) => imageGrid(new Float32Array(n * 784), { shape: [n, 28, 28] }));
    expect(twenty.width).toBe(ten.width);
    expect(twenty.height).toBeGreaterThan(1.8 * ten.height);
    expect(imageGrid(new Float32Array(784 * 4), { shape: [4, 28, 28], columns: 2 }).width).toBeLessThan(200);
  });

  it("shows itself as a PNG with its size and a line of text", () => {
    const picture = imageGrid([0.5], { shape: [1, 1, 1], title: "One grey pixel" });
    const { data, metadata } = picture[jupyterDisplay]();
    expect(PNG.sync.read(Buffer.from(data["image/png"] as string, "base64")).width).toBe(2 * picture.width);
    expect(data["text/plain"]).toBe("One grey pixel. 1 images of 1×1 pixels.");
    const { width, height, description: alt } = picture; // the alt text of pages that nbconvert makes
    expect(metadata).toEqual({ "image/png": { width, height, alt } });
  });

  it("reads tensors without leaving any behind", () => {
    const before = tf.memory().numTensors;
    const images = tf.zeros([3, 4, 4, 1]);
    imageGrid(images as tf.Tensor4D);
    const flat = tf.zeros([48]);
    expect(() => imageGrid(flat)).toThrow("reshape or slice");
    tf.dispose([images, flat]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("keeps within the limit, and doesn't look at the rest", () => {
    const many = new Float32Array(200).fill(0.5);
    many[150] = NaN;
    expect(imageGrid(many, { shape: [200, 1, 1] }).description).toContain("100 images");
  });

  it("maps a range of one's own to black and white", () => {
    const tanh = imageGrid([-1, 0, 1, 5], { shape: [4, 1, 1], range: [-1, 1], size: 8, columns: 4 });
    expect([0, 1, 2, 3].map((i) => colorAt(tanh, 16 + i * 28, 16)[0])).toEqual([0, 128, 255, 255]);
    const auto = imageGrid([-3, 5], { shape: [2, 1, 1], range: "auto", size: 8, columns: 2 });
    expect([0, 1].map((i) => colorAt(auto, 16 + i * 28, 16)[0])).toEqual([0, 255]);
  });

  it("refuses what are no images, and says what would help", () => {
    const one = { shape: [1, 1, 1] };
    expect(() => imageGrid([1])).toThrow("an array without a shape");
    expect(() => imageGrid([1, 2], { shape: [2] })).toThrow("reshape or slice");
    expect(() => imageGrid([1, 2], { shape: [1, 1, 1, 2] })).toThrow("1, 3 or 4 channels");
    expect(() => imageGrid([NaN], one)).toThrow("finite numbers, got NaN at 0");
    expect(() => imageGrid([-1], one)).toThrow("range: [black, white], such as [-1, 1] for tanh");
    expect(() => imageGrid(Float32Array.of(255), one)).toThrow("values from 0 to 1");
    expect(() => imageGrid([0, 0], { shape: [2, 1, 1], captions: ["a"] })).toThrow("captions to be at least 2 values");
    for (const range of [[NaN, 1], [0], "atuo"]) {
      expect(() => imageGrid([0], { ...one, range: range as never })).toThrow('range to be "auto" or two numbers');
    }
    expect(() => imageGrid([0], { ...one, columns: 0 })).toThrow("columns to be an integer from 1");
  });
});
