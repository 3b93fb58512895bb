import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../../lib/src/data/safetensors";
import written from "../../fixtures/data/formats.json";

const peer = new Uint8Array(Buffer.from(written.safetensors.file, "base64"));

/** As Python writes it: "inf" is no JSON. */
const number = (text: string) => Number(text.replace("inf", "Infinity"));

describe("safetensors", () => {
  it("are read as the format's own package wrote them", () => {
    const { tensors, metadata } = decodeSafetensors(peer);
    expect(metadata).toEqual({ format: "test", text: "ä 数" });
    const wanted = Object.entries(written.safetensors.tensors);
    expect(Object.keys(tensors).sort()).toEqual(wanted.map(([name]) => name).sort());
    for (const [name, { shape, values }] of wanted) {
      expect(tensors[name].shape).toEqual(shape);
      expect(tensors[name].data).toBeAllclose([values].flat().map(Number), { atol: 1e-7 });
    }
  });

  it("come back as they were written", () => {
    const content = {
      tensors: {
        w: { dtype: "F32" as const, shape: [2, 2], data: Float32Array.of(1, -0, Infinity, 1e-40) },
        i: { dtype: "I32" as const, shape: [], data: Int32Array.of(-5) },
        b: { dtype: "BOOL" as const, shape: [3], data: Uint8Array.of(1, 0, 1) },
      },
      metadata: { note: "größer" },
    };
    expect(decodeSafetensors(encodeSafetensors(content))).toEqual(content);
  });

  it("round to halves as NumPy does, and read what it wrote", () => {
    const [values, rounded] = [written.halves.values, written.halves.rounded].map((list) => list.map(number));
    const half = { dtype: "F16" as const, shape: [values.length], data: Float32Array.from(values) };
    const file = encodeSafetensors({ tensors: { half }, metadata: {} });
    expect([...decodeSafetensors(file).tensors.half.data]).toEqual(rounded);
    const theirs = decodeSafetensors(new Uint8Array(Buffer.from(written.halves.file, "base64")));
    expect([...theirs.tensors.half.data]).toEqual(rounded);
    expect(theirs.tensors.half).toMatchObject({ dtype: "F16", shape: [values.length] });
  });

  it("follow the layout: length, header padded to 8 bytes, numbers", () => {
    const tensors = { w: { dtype: "F32" as const, shape: [1], data: Float32Array.of(0.5) } };
    const file = Buffer.from(encodeSafetensors({ tensors, metadata: {} }));
    const length = Number(file.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    expect(JSON.parse(file.toString("utf8", 8, 8 + length)).w).toEqual({
      dtype: "F32",
      shape: [1],
      data_offsets: [0, 4],
    });
    expect(file.readFloatLE(8 + length)).toBe(0.5);
    expect(file.length).toBe(8 + length + 4);
  });

  it("are refused where the file is cut short or something else", () => {
    for (const length of [0, 7, 8, 100, peer.length - 1]) {
      expect(() => decodeSafetensors(peer.slice(0, length), "w.safetensors")).toThrow(
        /^decodeSafetensors\(\) cannot read w\.safetensors: it (is cut short|has only)/,
      );
    }
    expect(() => decodeSafetensors(new Uint8Array(Buffer.from("<!DOCTYPE html><html>")))).toThrow(
      "no safetensors file",
    );
  });

  it("are refused where they hold numbers of another kind", () => {
    const text = Buffer.from(peer).toString("latin1").replace('"F32"', '"U64"');
    expect(() => decodeSafetensors(new Uint8Array(Buffer.from(text, "latin1")))).toThrow(
      "holds U64, and it reads F32, F16, I32, BOOL",
    );
  });
});
