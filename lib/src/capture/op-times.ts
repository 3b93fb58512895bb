/**
 * Reads what TensorFlow notes of a run with a clock at every op (`config.proto`, `step_stats.proto`).
 */
import { Field, fields, Message } from "./protobuf";
import { Step } from "./recorder";

/** What one op of a compiled step takes. */
export interface OpTime {
  /** As TensorFlow ran it: its own faster ops for CPUs are called `_Mkl…`, fused ones `_Fused…`. */
  op: string;
  /** Its name in the graph. */
  node: string;
  /** Milliseconds: the median of several runs. */
  ms: number;
  /** The line of the user's code that it comes from, where known. */
  line?: string;
}

/** `ConfigProto { graph_options { rewrite_options { disable_meta_optimizer: true } } }`: what `Program` runs, too. */
export const AS_IT_IS: Uint8Array = new Message()
  .bytes(10, new Message().bytes(10, new Message().varint(19, 1)))
  .finish();

/** First runs set up kernels and memory. */
const WARM_UP = 2;

/**
 * The ops of encoded `RunMetadata`, slowest first.
 * @param places the steps of the recording by the name of their node
 */
export function opTimes(runs: readonly Uint8Array[], places: ReadonlyMap<string, Step>): OpTime[] {
  const seen = new Map<string, { op: string; times: number[] }>();
  for (const run of runs.slice(Math.min(WARM_UP, runs.length - 1))) {
    for (const { node, op, ms } of nodesOf(run)) {
      if (!seen.has(node)) seen.set(node, { op, times: [] });
      seen.get(node)!.times.push(ms);
    }
  }
  return [...seen]
    .map(([node, { op, times }]) => {
      const step = places.get(node);
      return { op, node, ms: median(times), line: step && "place" in step ? step.place.line() : undefined };
    })
    .sort((a, b) => b.ms - a.ms);
}

function* nodesOf(metadata: Uint8Array): Generator<{ node: string; op: string; ms: number }> {
  for (const { bytes: stepStats } of only(metadata, 1)) {
    for (const { bytes: deviceStats } of only(stepStats!, 1)) {
      for (const { bytes: nodeStats } of only(deviceStats!, 2)) {
        const found = new Map([...fields(nodeStats!)].map((field) => [field.field, field]));
        const text = (field: number): string => Buffer.from(found.get(field)?.bytes ?? []).toString();
        const nanoseconds = (found.get(15)?.value ?? 0) - (found.get(14)?.value ?? 0);
        // The label reads `MatMul_1 = MatMul(Relu, weights)`.
        const op = /= ?([A-Za-z0-9_>]+)\(/.exec(text(8))?.[1] ?? text(1).replace(/_\d+$/, "");
        yield { node: text(1), op, ms: nanoseconds / 1e6 };
      }
    }
  }
}

function* only(message: Uint8Array, wanted: number): Generator<Field> {
  for (const field of fields(message)) if (field.field === wanted) yield field;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
