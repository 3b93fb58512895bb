/** Bytes to tensors: file formats, data sets, batches. */
export { batches, Batches } from "./batches";
export type { Batch, BatchesOptions } from "./batches";
export { cacheFolder, catalogue } from "./catalogue";
export type { CatalogueEntry, CatalogueFile } from "./catalogue";
export { cifar10, cifar10Bytes } from "./cifar10";
export type { Cifar10, Cifar10Bytes, Cifar10Options, ImageBytes, Pictures } from "./cifar10";
export { download, DownloadError } from "./download";
export type { DownloadOptions, RemoteFile } from "./download";
export { examples, pick, take } from "./examples";
export type { Examples } from "./examples";
export { parseIdx } from "./idx";
export type { Idx, IdxOptions } from "./idx";
export { mnist } from "./mnist";
export type { Digits, Mnist, MnistOptions } from "./mnist";
export { oneHot } from "./one-hot";
export { split } from "./split";
export type { SplitOptions } from "./split";
