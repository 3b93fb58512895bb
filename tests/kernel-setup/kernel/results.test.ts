import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
  const run = await kernel.execute(`import * as tf from "@tensorflow/tfjs-node-gpu";`);
  expect(run.status, run.traceback).toBe("ok");
});
afterAll(() => kernel.shutdown());

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe("the value of the last expression", () => {
  it.each([
    ["a number", "1 / 4", "0.25"],
    ["a string", `"text"`, "text"],
    ["an object", "({ a: [1, 2] })", "{ a: [ 1, 2 ] }"],
    [
      "an instance with util.inspect.custom",
      `({ [Symbol.for("nodejs.util.inspect.custom")]: () => "custom" })`,
      "custom",
    ],
    ["a typed array", "Float32Array.of(1, 0.5)", "Float32Array(2) [1.0, 0.5]"],
    ["a BigInt64Array", "BigInt64Array.of(1n, -2n)", "BigInt64Array(2) [ 1, -2]"],
  ])("%s is an execute_result", async (_, code, text) => {
    const run = await kernel.execute(code);
    expect(run.text).toBe(text);
    expect(run.of("execute_result")[0].execution_count).toBe(run.reply.content.execution_count);
    expect(run.stdout).toBe("");
  });

  it.each(["undefined", "void 0", "const a = 1", "(() => {})()"])("is not shown for %s", async (code) => {
    expect((await kernel.execute(code)).of("execute_result")).toEqual([]);
  });

  it("shows a tensor by type, shape and aligned values, as text and HTML, without its internals", async () => {
    const run = await kernel.execute("tf.tensor2d([[1, -2.5], [10.25, 0]])");
    expect(run.text).toBe("Tensor float32 [2, 2]\n[[ 1.00, -2.50],\n [10.25,  0.00]]");
    expect(run.result?.["text/html"]).toContain("Tensor float32 [2, 2]");
    expect(JSON.stringify(run.result)).not.toMatch(/dataId|isDisposedInternal|rankType/);
  });

  it("names the device of a tensor when the library has told it", async () => {
    await kernel.execute(`(globalThis as any)[Symbol.for("nablab.device")] = "CPU";`);
    expect((await kernel.execute("tf.scalar(1, 'int32')")).text).toBe("Tensor int32 [] on CPU\n1");
    await kernel.execute(`delete (globalThis as any)[Symbol.for("nablab.device")];`);
  });

  it("shows only the edges of a large tensor, at the places that NumPy shows", async () => {
    const run = await kernel.execute("tf.range(0, 2000, 1, 'int32')");
    expect(run.text).toBe("Tensor int32 [2000]\n[   0,    1,    2, ..., 1997, 1998, 1999]");
    expect((await kernel.execute("tf.zeros([200, 300])")).text).toMatch(
      /^Tensor float32 \[200, 300\]\n(.*\n){3} \.\.\.,\n/,
    );
  });

  it.each([
    ["NaN and infinities", "tf.tensor1d([NaN, Infinity, -1])", "Tensor float32 [3]\n[nan, inf,  -1]"],
    ["a wide range", "tf.tensor1d([1e-6, 1000])", "Tensor float32 [2]\n[1.0000e-6, 1.0000e+3]"],
    ["booleans", "tf.tensor1d([true, false], 'bool')", "Tensor bool [2]\n[ true, false]"],
    ["strings", `tf.tensor1d(["a", "b"])`, `Tensor string [2]\n["a", "b"]`],
    ["complex numbers", "tf.complex([1], [-2])", "Tensor complex64 [1]\n[1.0000-2.0000i]"],
    ["an empty tensor", "tf.zeros([0, 3])", "Tensor float32 [0, 3]\n[]"],
    ["a variable", `tf.variable(tf.scalar(2), true, "w")`, `Variable "w" float32 []\n2`],
  ])("writes %s readably", async (_, code, text) => {
    expect((await kernel.execute(code)).text).toBe(text);
  });

  it("says of a disposed tensor that it is disposed", async () => {
    expect((await kernel.execute("const gone = tf.scalar(1); gone.dispose(); gone")).text).toContain("disposed");
  });

  it("makes a table of an array of row objects, with text for front ends without HTML", async () => {
    const run = await kernel.execute(`[{ name: "a<b", loss: 0.5 }, { name: "c", loss: 12.25, extra: true }]`);
    expect(run.text).toBe("   name   loss  extra\n0  a<b    0.50\n1  c     12.25  true");
    expect(run.result?.["text/html"]).toMatch(/<table[\s\S]*a&#60;b[\s\S]*12\.25/);
  });

  it("draws an object with a Vega-Lite or Vega schema, as a version that JupyterLab draws", async () => {
    const lite = await kernel.execute(`({ $schema: "https://vega.github.io/schema/vega-lite/v6.json", mark: "bar" })`);
    expect(lite.result?.["application/vnd.vegalite.v5+json"]).toEqual({
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      mark: "bar",
    });
    const vega = await kernel.execute(`({ $schema: "https://vega.github.io/schema/vega/v5.json", marks: [] })`);
    expect(vega.result).toHaveProperty(["application/vnd.vega.v5+json", "marks"]);
    expect(vega.text).toBe("Vega chart");
  });

  it("shows PNG bytes as a picture with its size, and SVG from bytes and text", async () => {
    const png = await kernel.execute(`Buffer.from("${PNG}", "base64")`);
    expect(png.result?.["image/png"]).toBe(PNG);
    expect(png.of("execute_result")[0].metadata).toEqual({ "image/png": { width: 1, height: 1 } });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"/>`;
    for (const code of [`'${svg}'`, `Buffer.from('${svg}')`]) {
      expect((await kernel.execute(code)).result?.["image/svg+xml"]).toBe(svg);
    }
  });

  it("asks a value for its own view, with metadata, and says what is wrong with a bad one", async () => {
    const own = (body: string) => `({ [Symbol.for("Jupyter.display")]() { ${body} } })`;
    const plain = await kernel.execute(own(`return { "text/html": "<b>own</b>", "text/plain": "own" };`));
    expect(plain.result).toEqual({ "text/html": "<b>own</b>", "text/plain": "own" });
    const later = await kernel.execute(
      own(`return Promise.resolve({ data: { "text/html": "x" }, metadata: { a: 1 } });`),
    );
    expect(later.of("execute_result")[0]).toMatchObject({ data: { "text/html": "x" }, metadata: { a: 1 } });
    const bad = await kernel.execute(own(`return 3;`));
    expect(bad.error?.evalue).toContain("must return an object of representations by MIME type, got 3");
  });

  it("shows what is displayed under Symbol.for('nablab.kernel') and replaces it by its id", async () => {
    const seam = `(globalThis as any)[Symbol.for("nablab.kernel")]`;
    const run = await kernel.execute(`
      ${seam}.display({ "text/html": "a", "image/png": new Uint8Array([1, 2, 3]) }, { displayId: "d", metadata: { m: 1 } });
      ${seam}.display({ "text/html": "b" }, { displayId: "d", update: true });`);
    const transient = { display_id: "d" };
    expect(run.of("display_data")).toEqual([
      { data: { "text/html": "a", "image/png": "AQID" }, metadata: { m: 1 }, transient },
    ]);
    expect(run.of("update_display_data")).toEqual([{ data: { "text/html": "b" }, metadata: {}, transient }]);
    expect((await kernel.execute(`${seam}.executionCount`)).text).toBe(
      String(Number(run.reply.content.execution_count) + 1),
    );
  });
});
