import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { jupyterDisplay } from "../../../lib/src/display";
import { tf } from "../../../lib/src/tensorflow";
import { imageAnimation, imageGrid } from "../../../lib/src/viz";

const frames = [0, 0.5, 1].map((grey) => tf.fill([2, 3, 3], grey));

describe("imageAnimation", () => {
  it("shows itself as a picture of the size of its grids, with a line of text", () => {
    const animation = imageAnimation(frames, { size: 8 });
    const { width, height } = imageGrid(frames[0], { size: 8 });
    const { data, metadata } = animation[jupyterDisplay]();
    expect(metadata).toEqual({ "image/png": { width, height } });
    expect(data["text/plain"]).toBe("Animation of 3 frames. Last: 2 images of 3×3 pixels.");
    expect(animation.png.includes("acTL")).toBe(true);
  });

  it("takes a title for each frame, short and long", () => {
    const title = ["step 1", "step 10,000 of a very long training", "end"];
    const animation = imageAnimation(frames, { title });
    expect(animation.description).toContain("Last: end");
    expect(animation.width).toBe(imageGrid(frames[1], { title: title[1] }).width);
    expect(PNG.sync.read(animation.png).width).toBe(2 * animation.width);
  });

  it("refuses frames that differ in size, and titles that differ in number", () => {
    expect(() => imageAnimation([])).toThrow("imageAnimation() wants frames to be at least one grid of images, got 0.");
    expect(() => imageAnimation([frames[0], tf.zeros([2, 4, 4])])).toThrow("of one size");
    expect(() => imageAnimation(frames, { title: ["a"] })).toThrow("3, one for each frame, got 1");
    expect(() => imageAnimation(frames, { rate: 0 })).toThrow("imageAnimation() wants rate to be a finite number");
  });
});
