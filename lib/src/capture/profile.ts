import { tf } from "../tensorflow";
import { nativeBackend } from "./native";
import { Part, Parts } from "./part";

// Types and not interfaces, so that both may be returned from tf.tidy().

/** One op of a run: what crossed from JavaScript to TensorFlow, and how long it took. */
export type ProfiledOp = {
  /** TensorFlow's op. */
  op: string;
  part: Part;
  /** Milliseconds inside of the binding; on a GPU, of handing the op over. */
  milliseconds: number;
  /** Shape of its first result. */
  shape: number[];
};

/** What `profile` saw. */
export type Profile<T> = {
  /** What the function returned. The caller owns its tensors. */
  value: T;
  /** The ops in the order in which they ran. */
  ops: ProfiledOp[];
  /** Wall time of the whole run. */
  milliseconds: number;
  /** Of that, in the binding: the ops and the uploads. The rest is JavaScript. */
  bindingMilliseconds: number;
  /** Values that went from JavaScript to TensorFlow: how many tensors, and their bytes together. */
  uploads: number;
  uploadedBytes: number;
};

/**
 * Runs a function once, as it is, and lists every TensorFlow op that it runs. The function must not be async. Of a
 * compiled step, pass the function it was made of: a replay is a single call and shows no ops.
 *
 * @throws Error where TensorFlow is not the backend, TypeError for what is no function or is async
 * @example
 * const { ops, milliseconds } = profile(() => optimizer.minimize(() => loss(x, y), true)!);
 */
export function profile<T>(run: () => T): Profile<T> {
  if (typeof run !== "function") throw new TypeError(`profile() wants a function, got ${typeof run}.`);
  const native = nativeBackend();
  if (native === undefined) {
    throw new Error(
      `profile() needs native TensorFlow with nablab's binding, here it is ${tf.getBackend()} without. Remedy: npm run setup.`,
    );
  }
  const { backend, binding } = native;
  const ops: ProfiledOp[] = [];
  const parts = new Parts();
  let [uploads, uploadedBytes, inUploads] = [0, 0, 0];
  const executeOp: typeof binding.executeOp = (op, attributes, inputs, outputs) => {
    const start = performance.now();
    const results = binding.executeOp(op, attributes, inputs, outputs);
    const milliseconds = performance.now() - start;
    ops.push({ op, part: parts.now(), milliseconds, shape: results[0]?.shape ?? [] });
    return results;
  };
  const createTensor: typeof binding.createTensor = (shape, dtype, values) => {
    const start = performance.now();
    const id = binding.createTensor(shape, dtype, values);
    inUploads += performance.now() - start;
    uploads++;
    uploadedBytes += ArrayBuffer.isView(values) ? values.byteLength : 0;
    return id;
  };
  // The binding's own methods cannot be replaced; an object in front of it can.
  backend.binding = Object.defineProperties(Object.create(binding), {
    executeOp: { value: executeOp },
    createTensor: { value: createTensor },
  }) as typeof binding;
  try {
    const start = performance.now();
    const value = run();
    const milliseconds = performance.now() - start;
    if (value instanceof Promise) {
      value.catch(() => undefined);
      throw new TypeError("profile() wants a function that is done when it returns, got an async one.");
    }
    const inOps = ops.reduce((sum, op) => sum + op.milliseconds, 0);
    return { value, ops, milliseconds, bindingMilliseconds: inOps + inUploads, uploads, uploadedBytes };
  } finally {
    backend.binding = binding;
  }
}
