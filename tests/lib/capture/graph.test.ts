import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { attribute, attributesOf, Graph } from "../../../lib/src/capture/graph";
import { FLOAT, INT32, nativeBackend, upload } from "../../../lib/src/capture/native";
import { tf } from "../../../lib/src/tensorflow";

const { native, backend } = nativeBackend()!;
const float32 = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const idOf = (tensor: tf.Tensor): number => upload(nativeBackend()!, tensor.dataId).id;

describe("Graph", () => {
  it("is read by TensorFlow: placeholders, constants, attributes and second outputs", () => {
    const graph = new Graph();
    const x = graph.placeholder(FLOAT, [2, 2], "x");
    const two = graph.constant(FLOAT, [], float32(2));
    const halves = graph.node(
      "Split",
      [graph.integers(1), x],
      [
        ["num_split", attribute.int(2)],
        ["T", attribute.type(FLOAT)],
      ],
    );
    const product = graph.node("Mul", [`${halves}:1`, two], [["T", attribute.type(FLOAT)]]);
    const handle = native.defineFunction("test_graph", graph.finish(), [x], [product], {});
    const targets = Int32Array.of(-1);
    native.runFunction(
      handle,
      Int32Array.of(
        idOf(
          tf.tensor2d([
            [1, 2],
            [3, 4],
          ]),
        ),
      ),
      targets,
    );
    const result = backend.createOutputTensor({ id: targets[0], shape: native.tensorShape(targets[0]), dtype: FLOAT });
    expect([result.shape, Array.from(result.dataSync())]).toEqual([
      [2, 1],
      [4, 8],
    ]);
    native.removeFunction("test_graph");
    expect(native.hasFunction("test_graph")).toBe(false);
  });

  it("shares equal small constants and gives every node a name of its own", () => {
    const graph = new Graph();
    expect(graph.integers([1, 2])).toBe(graph.integers([1, 2]));
    expect(graph.integers([1, 2])).not.toBe(graph.integers([2, 1]));
    expect(graph.integers([1])).not.toBe(graph.integers(1));
    expect(graph.constant(FLOAT, [], float32(0))).not.toBe(graph.integers(0));
    expect(graph.size).toBe(6);
  });
});

describe("the binding", () => {
  it("completes an op's attributes from its inputs", () => {
    const id = idOf(tf.tensor1d([1, 2], "int32"));
    const attributes = attributesOf(native.describeOp("Sum", [], [id, id]));
    // As TensorFlow encodes an AttrValue: field 6, a type; field 5, a bool.
    expect([...attributes].map(([name, value]) => [name, [...value]]).sort()).toEqual([
      ["T", [0x30, INT32]],
      ["Tidx", [0x30, INT32]],
      ["keep_dims", [0x28, 0]],
    ]);
  });

  it("throws TensorFlow's own message, whole, for a graph that is none", () => {
    const graph = new Graph();
    const x = graph.placeholder(FLOAT, [2], "x");
    const sum = graph.node("MatMul", [x, x], [["T", attribute.type(FLOAT)]], "product");
    expect(() => native.defineFunction("bad", graph.finish(), [x], [sum], {})).toThrow(/Shape must be rank 2.*product/);
    expect(() => native.defineFunction("bad", graph.finish(), ["y"], [sum], {})).toThrow(/rank 2/);
    expect(() => native.defineFunction("bad", Uint8Array.of(1, 2, 3), [], [], {})).toThrow(/Invalid GraphDef/);
    expect(() => native.defineFunction("bad", [] as never, [], [], {})).toThrow("expected a GraphDef as Uint8Array");
    expect(native.hasFunction("bad")).toBe(false);
  });

  it("has a context of its own in every worker thread", async () => {
    const graph = new Graph();
    const x = graph.placeholder(FLOAT, [], "x");
    const out = graph.node("Neg", [x], [["T", attribute.type(FLOAT)]]);
    native.defineFunction("test_worker", graph.finish(), [x], [out], {});
    const program = `
      const util = require("node:util");
      util.isNullOrUndefined ??= (value) => value == null;
      util.isArray ??= Array.isArray;
      const tf = require("@tensorflow/tfjs-node-gpu");
      const has = tf.backend().binding.nablab.hasFunction("test_worker");
      require("node:worker_threads").parentPort.postMessage([has, tf.scalar(2).square().dataSync()[0]]);`;
    const answer = await new Promise((resolve, reject) => {
      const worker = new Worker(program, { eval: true });
      worker.once("message", resolve).once("error", reject);
    });
    expect(answer).toEqual([false, 4]);
    expect(native.hasFunction("test_worker")).toBe(true);
    native.removeFunction("test_worker");
  });

  it("replaces nothing when a function fails or a target is gone", () => {
    const graph = new Graph();
    const x = graph.placeholder(INT32, [], "x");
    const out = graph.node("Identity", [x], [["T", attribute.type(INT32)]]);
    const handle = native.defineFunction("test_targets", graph.finish(), [x], [out], {});
    const id = idOf(tf.scalar(3, "int32"));
    const before = nativeBackend()!.binding.getNumOfTensors();
    expect(() => native.runFunction(handle, Int32Array.of(id), Int32Array.of(1e9))).toThrow(
      /1000000000 does not exist/,
    );
    expect(() => native.runFunction(handle, Int32Array.of(1e9), Int32Array.of(-1))).toThrow(/does not exist/);
    expect(() => native.runFunction(handle, Int32Array.of(), Int32Array.of(-1))).toThrow(/number of arguments = 1/);
    expect(() => native.runFunction(handle, Int32Array.of(id), Int32Array.of(-1, -1))).toThrow(
      "expected 1 targets, got 2",
    );
    expect(() => native.runFunction({} as never, Int32Array.of(id), Int32Array.of(-1))).toThrow("expected a function");
    expect(nativeBackend()!.binding.getNumOfTensors()).toBe(before);
    native.removeFunction("test_targets");
    expect(() => native.runFunction(handle, Int32Array.of(id), Int32Array.of(-1))).toThrow(/test_targets/);
  });
});
