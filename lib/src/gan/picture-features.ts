import { checkInteger, checkOptions, checkShape } from "../check";
import { tf } from "../tensorflow";
import { readImages, type ImageReading } from "./image-reading";

/**
 * Reads photographs with the course's CIFAR-10 network: 256 features, what each of its last filters finds anywhere in the
 * image, in which samples are compared with data, and the class that each is taken for. It was trained with smoothed labels and
 * is seldom more than 90 % sure: of 49 of the first 1,000 test images, so `imageQuality`'s `confident` says little of pictures.
 *
 * @param network `vision.cifar10Network()` @param images `[size, 32, 32, 3]`, from 0 to 1
 * @throws RangeError where the shape or the network is another
 */
export function readPictures(
  network: tf.LayersModel,
  images: tf.Tensor4D,
  options: { batchSize?: number } = {},
): ImageReading {
  checkOptions("readPictures()", options, ["batchSize"]);
  const { batchSize = 250 } = options;
  checkShape("readPictures()", "images", images, [null, 32, 32, 3], "photographs as data.cifar10() has them.");
  checkInteger("readPictures()", "batchSize", batchSize, { min: 1 });
  const at = network.layers.findIndex((layer) => layer.getClassName() === "Flatten");
  if (at < 0) throw new RangeError("readPictures() wants a network that flattens. Remedy: vision.cifar10Network().");
  return readImages(network.layers, at, images, { batchSize });
}
