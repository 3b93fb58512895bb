import * as tf from "@tensorflow/tfjs-node-gpu";
import { conv2dFilterGradient } from "./conv2d-filter-gradient";

/** The part of a backend that holds data: the same in the plain JavaScript and in the WebAssembly backend. */
interface Store {
  write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.TensorInfo["dataId"];
  readSync(dataId: tf.TensorInfo["dataId"]): tf.backend_util.BackendValues;
  disposeData(dataId: tf.TensorInfo["dataId"], force?: boolean): boolean;
}

/**
 * Moves to the WebAssembly backend and gives it what it lacks: without `Conv2DBackpropFilter`, for one, a convolution
 * would run but not train. Rarer kernels, such as those of complex numbers, run in plain JavaScript, on copies.
 *
 * @returns a function that tells how many threads WebAssembly uses
 */
export async function startWasm(): Promise<() => number> {
  // Here and not above: where TensorFlow itself runs, 4 MB of WebAssembly would be loaded for nothing.
  const { getThreadsCount } = await import("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend("wasm");
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) =>
      conv2dFilterGradient(
        inputs.x as tf.Tensor4D,
        inputs.dy as tf.Tensor4D,
        attrs as unknown as Parameters<typeof conv2dFilterGradient>[2],
      ),
  });
  const own = new Set(tf.getKernelsForBackend("wasm").map(({ kernelName }) => kernelName));
  for (const kernel of tf.getKernelsForBackend("cpu")) if (!own.has(kernel.kernelName)) lend(kernel);
  return getThreadsCount;
}

function lend({ kernelName, kernelFunc }: tf.KernelConfig): void {
  tf.registerKernel({
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const wasm = backend as unknown as Store;
      const cpu = tf.findBackend("cpu") as unknown as Store;
      const copies: tf.TensorInfo[] = [];
      const toCpu = <T>(input: T): T => {
        if (Array.isArray(input)) return input.map(toCpu) as T;
        const info = input as tf.TensorInfo | undefined;
        if (!info) return input; // optional inputs stay absent
        // slice(): what wasm reads is a window onto its heap, which moves when the heap grows
        const dataId = cpu.write(wasm.readSync(info.dataId).slice(), info.shape, info.dtype);
        copies.push({ dataId, shape: info.shape, dtype: info.dtype });
        return copies[copies.length - 1] as T;
      };
      const toWasm = (info: tf.TensorInfo): tf.TensorInfo => {
        const dataId = wasm.write(cpu.readSync(info.dataId), info.shape, info.dtype);
        if (!copies.some((copy) => copy.dataId === info.dataId)) cpu.disposeData(info.dataId, true);
        return { dataId, shape: info.shape, dtype: info.dtype };
      };
      try {
        const lent = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, toCpu(input)]));
        const out = kernelFunc({ inputs: lent as tf.NamedTensorInfoMap, backend: cpu, attrs });
        return Array.isArray(out) ? out.map(toWasm) : toWasm(out as tf.TensorInfo);
      } finally {
        for (const { dataId } of copies) cpu.disposeData(dataId, true);
      }
    },
  });
}
