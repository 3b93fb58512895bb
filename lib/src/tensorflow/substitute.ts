type Load = (name: string) => unknown;
type Module = Record<string, unknown>;

/**
 * What stands in for tfjs-node where its native binding cannot be loaded: the same `tf`, on plain JavaScript at once and
 * on WebAssembly after `await ready()`. `tf.node` (SavedModel, TensorBoard, image decoding) needs TensorFlow itself and
 * says so when it is used.
 *
 * @param load the `require` that finds TensorFlow.js
 */
export function substitute(load: Load): Module {
  const tf = load("@tensorflow/tfjs") as Module & {
    setBackend(name: string): Promise<boolean>;
    findBackend(name: string): { firstUse?: boolean };
  };
  load("@tensorflow/tfjs-backend-wasm");
  // Set now, before anything asks: the best backend by priority is wasm, which needs an await that operations cannot do.
  void tf.setBackend("cpu");
  // The backend would greet its first tensor with six lines that advise to install what could not be loaded.
  tf.findBackend("cpu").firstUse = false;
  const node = new Proxy(
    {},
    {
      get: (_, name) => {
        throw new Error(
          `tf.node.${String(name)} needs TensorFlow's native binding, and this process runs without it. ` +
            "Remedy: npm run setup, then restart the kernel.",
        );
      },
    },
  );
  return Object.defineProperty({ ...tf }, "node", { value: node, enumerable: false });
}
