import { formatArray } from "./numbers";
import { escapeHtml, STYLE, type View } from "./view";

/** What a tensor of TensorFlow.js is known by; the kernel itself does not load TensorFlow.js. */
interface TensorLike {
  shape: number[];
  dtype: string;
  dataId: object;
  isDisposed: boolean;
  dataSync(): ArrayLike<number | string | boolean>;
  /** Set on variables only. */
  trainable?: boolean;
  name?: string;
}

function isTensor(value: unknown): value is TensorLike {
  if (typeof value !== "object" || value === null) return false;
  const { shape, dtype, dataSync, isDisposed } = value as Partial<TensorLike>;
  const known = Array.isArray(shape) && typeof dtype === "string" && typeof dataSync === "function";
  return known && typeof isDisposed === "boolean" && "dataId" in value;
}

/** A tensor or variable of TensorFlow.js: what it is in one line, then its values. */
export const tensor: View = (value) => {
  if (!isTensor(value)) return null;
  const kind = typeof value.trainable === "boolean" ? "Variable" : "Tensor";
  const device = (globalThis as Record<symbol, unknown>)[Symbol.for("nablab.device")];
  const head = [
    kind,
    ...(kind === "Variable" && value.name !== undefined ? [`"${value.name}"`] : []),
    value.dtype,
    `[${value.shape.join(", ")}]`,
    ...(typeof device === "string" ? [`on ${device}`] : []),
  ].join(" ");
  const values = value.isDisposed ? "disposed: its memory has been given back, so it has no values" : valuesOf(value);
  return {
    data: {
      "text/plain": `${head}\n${values}`,
      "text/html":
        `<div><div style="${STYLE.muted}">${escapeHtml(head)}</div>` +
        `<pre style="margin:2px 0 0;line-height:1.3">${escapeHtml(values)}</pre></div>`,
    },
    metadata: {},
  };
};

function valuesOf(value: TensorLike): string {
  const data = value.dataSync();
  // A complex number is two numbers side by side.
  if (value.dtype === "complex64") {
    return formatArray(value.shape, (i) => {
      const [re, im] = [Number(data[2 * i]), Number(data[2 * i + 1])];
      return `${re.toFixed(4)}${im < 0 ? "-" : "+"}${Math.abs(im).toFixed(4)}i`;
    });
  }
  return formatArray(value.shape, (i) => {
    const item = data[i];
    if (value.dtype === "bool") return item ? "true" : "false";
    return typeof item === "string" ? JSON.stringify(item) : Number(item);
  });
}
