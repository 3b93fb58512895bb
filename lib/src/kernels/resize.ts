/** Gradients of resizing: with half-pixel centres, which TensorFlow.js forgets going back, and differentiable again. */
import { tf } from "../tensorflow";
import { defineGradient, defineKernel, KernelAttributes, rawOp, runKernel } from "./raw-op";

/** `tf.image.resizeNearestNeighbor`, `tf.image.resizeBilinear`, and the layers that resize, such as `upSampling2d`. */
export function registerResize(): void {
  defineKernel("ResizeNearestNeighborGrad", ({ dy, images }, attributes) =>
    tf.tidy(() => {
      const size = tf.tensor1d(images.shape.slice(1, 3), "int32");
      return rawOp("ResizeNearestNeighborGrad", [dy, size], grid(attributes));
    }),
  );
  defineKernel("ResizeBilinearGrad", ({ dy, images }, attributes) =>
    rawOp("ResizeBilinearGrad", [dy, images], grid(attributes)),
  );
  // Resizing is linear, so the gradient of its gradient is resizing again.
  for (const name of ["ResizeNearestNeighbor", "ResizeBilinear"]) {
    defineGradient(`${name}Grad`, { inputs: ["dy", "images"] }, (ddx, [dy, images], attributes) => ({
      dy: () => runKernel(name, { images: ddx }, { ...attributes, size: dy.shape.slice(1, 3) }),
      images: () => tf.zerosLike(images),
    }));
  }
}

function grid({ alignCorners, halfPixelCenters }: KernelAttributes) {
  return { align_corners: Boolean(alignCorners), half_pixel_centers: Boolean(halfPixelCenters) };
}
