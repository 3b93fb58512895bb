import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { jupyterDisplay } from "../../../lib/src/display";
import { tf } from "../../../lib/src/tensorflow";
import { imageAnimation, imageGrid } from "../../../lib/src/viz";

const frames = [0, 0.5, 1].map((grey) => tf.fill([2, 3, 3], grey));

/** Frame controls of an animated PNG: how long each frame stays, in seconds. */
function controls(file: Buffer): { delay: number }[] {
  const found: { delay: number }[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString("latin1", at + 4, at + 8) !== "fcTL") continue;
    const data = file.subarray(at + 8);
    found.push({ delay: data.readUInt16BE(20) / data.readUInt16BE(22) });
  }
  return found;
}

describe("imageAnimation", () => {
  it("shows itself as a picture of the size of its grids, with a line of text", () => {
    const animation = imageAnimation(frames, { size: 8 });
    const { width, height } = imageGrid(frames[0], { size: 8 });
    const { data, metadata } = animation[jupyterDisplay]();
    const text = "Animation of 3 frames in 2.5 s. 2 images of 3×3 pixels.";
    expect(metadata).toEqual({ "image/png": { width, height, alt: text } });
    expect(data["text/plain"]).toBe(text);
    expect(animation.png.includes("acTL")).toBe(true);
  });

  it("takes a title for each frame, short and long", () => {
    const title = ["step 1", "step 10,000 of a very long training", "end"];
    const animation = imageAnimation(frames, { title });
    expect(animation.description).toContain("First: step 1. 2 images of 3×3 pixels. Last: end");
    expect(animation.width).toBe(imageGrid(frames[1], { title: title[1] }).width);
    expect(PNG.sync.read(animation.png).width).toBe(2 * animation.width);
  });

  it("shows each frame as long as it is told, the last one at least as long as the others", () => {
    const seconds = (options: object) => controls(imageAnimation(frames, options).png).map(({ delay }) => delay);
    expect(seconds({})).toEqual([0.25, 0.25, 2]);
    expect(seconds({ rate: 10, pause: 0 })).toEqual([0.1, 0.1, 0.1]);
    expect(seconds({ rate: 2, pause: 5 })).toEqual([0.5, 0.5, 5]);
  });

  it("draws all frames in one range of values", () => {
    const growing = [1, 10].map((most) => tf.tensor([-most, 0, most], [1, 1, 3]));
    const one = { columns: 1, size: 24 } as const;
    for (const options of [
      { ...one, range: "auto" as const },
      { ...one, colors: "signed" as const },
    ]) {
      const { png } = imageAnimation(growing, options);
      const still = imageGrid(growing[0], { ...options, range: [-10, 10] });
      expect(PNG.sync.read(png).data.equals(PNG.sync.read(still.png).data)).toBe(true);
    }
  });

  it("refuses frames that differ in size, and titles that differ in number", () => {
    expect(() => imageAnimation([])).toThrow("imageAnimation() wants frames to be at least one grid of images, got 0.");
    expect(() => imageAnimation([frames[0], tf.zeros([2, 4, 8])])).toThrow(
      /imageAnimation\(\) wants frames to be all of one height, \d+ as the first, got "\d+ at frame 1"\. Remedy: images/,
    );
    expect(() => imageAnimation(frames[0] as never)).toThrow("imageAnimation() wants frames to be a list");
    expect(() => imageAnimation(frames, { rat: 3 } as never)).toThrow("imageAnimation() has no option rat");
    expect(() => imageAnimation(frames, { title: ["a"] })).toThrow("3, one for each frame, got 1");
    expect(() => imageAnimation(frames, { rate: 0 })).toThrow("imageAnimation() wants rate to be a finite number");
  });
});
