import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { GAN_PLAN, runPlan } from "../../../lib/src/checkpoints/gan-plan";
import { runGan, type GanRunOptions } from "../../../lib/src/checkpoints/gan-run";
import { ganRunState, type GanGoal } from "../../../lib/src/checkpoints/gan-run-state";
import { main } from "../../../lib/src/checkpoints/train-digit-gans";
import { readSafetensors, writeSafetensors } from "../../../lib/src/data/safetensors-file";
import {
  DIGIT_GANS,
  digitGanLog,
  EQUAL_TIME,
  LONG_TIME,
  NARROW,
  PICTURE_GANS,
  type GanRunLog,
} from "../../../lib/src/gan";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";

setRandomSeed(0); // makes the one variable that stays, before anybody counts

const root = mkdtempSync(join(tmpdir(), "nablab-"));
afterAll(() => rmSync(root, { recursive: true }));

const measuring = { samples: 40, size: 20, repeats: 1 };
/** Six rounds of 16 digits an epoch. */
const little = (folder: string, lines: string[] = []): GanRunOptions => ({
  ...{ folder: join(root, folder), limit: 96, source: "embedded", along: measuring, final: measuring },
  recipe: { ...NARROW, batchSize: 16 },
  tell: (line) => lines.push(line),
});
const goal: GanGoal = { data: "mnist", name: "corrected", seed: 1, epochs: 2, save: "averaged" };
const logOf = (folder: string, seed = 1) => digitGanLog("corrected", seed, { folder: join(root, folder) });
/** Without what no two runs share. */
const numbers = ({ rows, final, samples, recipe }: GanRunLog) => ({
  rows: rows.map((row) => ({ ...row, seconds: 0, cpuSeconds: 0 })),
  ...{ final, samples, recipe },
});
const tensorsOf = (folder: string) => readSafetensors(join(root, folder, "corrected-seed-1.safetensors")).tensors;

describe("a run of a digit GAN", () => {
  const lines: string[] = [];
  let tensors: number;
  beforeAll(async () => {
    const before = tf.memory().numTensors;
    expect(await runGan(goal, little("whole", lines))).toBe("complete");
    tensors = tf.memory().numTensors - before;
  }, 180_000);

  it("writes a row for each epoch, the final measures, samples and weights, and leaves no tensor", () => {
    const log = logOf("whole");
    expect(log.rows.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 6],
      [2, 12],
    ]);
    for (const row of log.rows) expect(row.frechet).not.toBe(row.averagedFrechet);
    expect(log.rows[1].cpuSeconds).toBeGreaterThan(log.rows[0].cpuSeconds!);
    expect(log.final.own.frechet).toBeGreaterThan(log.final.own.frechetFloor);
    expect(log.samples.map(({ epoch, images }) => [epoch, Buffer.from(images, "base64").length])).toEqual([
      [1, 16 * 28 * 28],
      [2, 16 * 28 * 28],
    ]);
    expect(Object.keys(tensorsOf("whole"))).toHaveLength(17);
    expect(tensors).toBe(0);
  });

  it("that Ctrl+C stops in the middle of an epoch ends, asked for again, with the same numbers and weights", async () => {
    const told: string[] = [];
    const options = little("stopped", told);
    const args = ["corrected", "--epochs", "2", "--save", "averaged"];
    const missed = await main(args, {
      ...options,
      tell: (line) => {
        told.push(line);
        if (line.includes("epoch 1:")) setImmediate(() => process.kill(process.pid, "SIGINT"));
      },
    });
    expect(missed).toEqual(["stopped"]);
    expect(told[told.length - 1]).toBe("mnist corrected 1: stopped after 1 epochs");
    expect(ganRunState(goal, options)).toBe("stopped");
    expect(existsSync(join(root, "stopped/corrected-seed-1.json"))).toBe(false);
    const unfinished = join(root, "stopped/.unfinished/corrected-seed-1");
    const { position } = JSON.parse(readSafetensors(`${unfinished}.safetensors`).metadata.contents) as {
      position: { epoch: number; stepInEpoch: number };
    };
    expect(position.epoch).toBe(1);
    expect(position.stepInEpoch).toBeGreaterThan(0);
    const { begun } = JSON.parse(readFileSync(`${unfinished}.json`, "utf8")) as { begun: { cpuSeconds: number } };
    expect(begun.cpuSeconds).toBeGreaterThan(0);

    expect(await main(args, options)).toEqual([]);
    expect(numbers(logOf("stopped"))).toEqual(numbers(logOf("whole")));
    expect(tensorsOf("stopped")).toEqual(tensorsOf("whole"));
    const [first, second] = logOf("stopped").rows;
    expect(second.cpuSeconds! - first.cpuSeconds!).toBeGreaterThan(begun.cpuSeconds);
  }, 180_000);

  it("that was stopped in the middle of an epoch ends with that one, however near its goal is by then", async () => {
    const stop = new AbortController();
    const options = { ...little("nearer"), signal: stop.signal };
    const tell = (line: string) => line.includes("epoch 1:") && setImmediate(() => stop.abort());
    expect(await runGan({ ...goal, epochs: 9 }, { ...options, tell })).toBe("stopped");
    expect(await runGan({ ...goal, epochs: 1 }, little("nearer"))).toBe("complete");
    expect(numbers(logOf("nearer"))).toEqual(numbers(logOf("whole")));
    expect(tensorsOf("nearer")).toEqual(tensorsOf("whole"));
  });

  it("that is complete says so and does nothing; with a further goal it goes on", async () => {
    const [told, file] = [[] as string[], join(root, "whole/corrected-seed-1.json")];
    const before = [readFileSync(file, "utf8"), statSync(file).mtimeMs];
    expect(await runGan(goal, little("whole", told))).toBe("complete");
    expect(told).toEqual(["mnist corrected 1: complete"]);
    expect([readFileSync(file, "utf8"), statSync(file).mtimeMs]).toEqual(before);
    const rows = numbers(logOf("whole")).rows;
    const seldom = { ...little("whole"), along: { ...measuring, every: 2 } };
    expect(await runGan({ ...goal, epochs: 3 }, seldom)).toBe("complete");
    expect(numbers(logOf("whole")).rows.slice(0, 2)).toEqual(rows);
    expect(logOf("whole").rows).toHaveLength(3);
    expect(logOf("whole").rows[2].frechet).toBeUndefined(); // measured after every second epoch
  });

  it("keeps log and weights of one end together", async () => {
    const folder = "kept";
    const [short, long] = [
      { ...goal, seed: 4, epochs: 1 },
      { ...goal, seed: 4 },
    ];
    const options = little(folder);
    const notes = () => readSafetensors(join(root, folder, "corrected-seed-4.safetensors")).metadata;
    expect(await runGan(short, options)).toBe("complete");
    expect(notes().weights).toBe("averaged");
    await expect(runGan({ ...long, save: undefined }, options)).rejects.toThrow("Remedy: --save them again.");
    expect(logOf(folder, 4).rows).toHaveLength(1);

    expect(ganRunState({ ...short, save: "own" }, options)).toBe("stopped");
    expect(await runGan({ ...short, save: "own" }, options)).toBe("complete");
    expect(notes().weights).toBe("own");

    // Weights of another epoch than the log's last, and such as say nothing of themselves.
    const file = join(root, folder, "corrected-seed-4.safetensors");
    const { tensors, metadata } = readSafetensors(file);
    const rows = [{ ...logOf(folder, 4).rows[0], epoch: 2 }];
    for (const other of [{ ...metadata, log: JSON.stringify({ rows }) }, {}]) {
      writeSafetensors(file, { tensors, metadata: other as Record<string, string> });
      expect(ganRunState({ ...short, save: "own" }, options)).toBe("stopped");
    }
    rmSync(join(root, folder, ".unfinished"), { recursive: true });
    expect(() => ganRunState({ ...short, save: "own" }, options)).toThrow("has no own weights of its last epoch");
  });

  it("with clusters asks for them as often as they are in the data, and goes on with the same ones", async () => {
    const recipe = { ...NARROW, batchSize: 16, conditional: true, clusters: 5 };
    const told: GanGoal = { data: "mnist", name: "clustered", seed: 1, epochs: 1 };
    const [whole, stopped] = ["clusters", "clusters-stopped"].map((folder) => ({ ...little(folder), recipe }));
    const before = tf.memory().numTensors;
    expect(await runGan({ ...told, epochs: 2 }, whole)).toBe("complete");
    expect(tf.memory().numTensors).toBe(before);
    const log = digitGanLog("clustered", 1, { folder: whole.folder });
    expect(Buffer.from(log.centres!, "base64")).toHaveLength(5 * 28 * 28);
    expect(log.final.own.asAsked).toBeUndefined(); // no classifier reads clusters found without labels

    expect(await runGan(told, stopped)).toBe("complete");
    expect(await runGan({ ...told, epochs: 2 }, stopped)).toBe("complete");
    const again = digitGanLog("clustered", 1, { folder: stopped.folder });
    expect(again.centres).toBe(log.centres);
    expect(again.final).toEqual(log.final);
    const state = join(stopped.folder!, ".unfinished/clustered-seed-1.json");
    writeFileSync(state, readFileSync(state, "utf8").replace(/"centres":"./, '"centres":"?'));
    await expect(runGan({ ...told, epochs: 3 }, stopped)).rejects.toThrow("is of other clusters than were found now.");

    const labelled = { ...whole, recipe: { ...recipe, clusters: 20, withinLabels: true } };
    expect(await runGan({ ...told, name: "labelled clusters" }, labelled)).toBe("complete");
    const { final } = digitGanLog("labelled clusters", 1, { folder: whole.folder });
    expect(final.own.asAsked).toBeGreaterThanOrEqual(0);
    expect(tf.memory().numTensors).toBe(before);
  }, 180_000);

  it("goes on neither by another recipe nor without its checkpoint", async () => {
    const changed = { ...little("whole"), recipe: { ...NARROW, batchSize: 16, beta1: 0.9 } };
    await expect(runGan(goal, changed)).rejects.toThrow('is of another recipe than "corrected" now has');
    rmSync(join(root, "whole/.unfinished"), { recursive: true });
    await expect(runGan({ ...goal, epochs: 9 }, little("whole"))).rejects.toThrow("Remedy: remove the log");
  });

  it("makes no run in fast mode, and leaves neither a file nor a tensor where it fails", async () => {
    const before = tf.memory().numTensors;
    vi.stubEnv("NABLAB_FAST", "1");
    try {
      await expect(runGan(goal, little("none"))).rejects.toThrow("runGan() makes no runs in fast mode");
    } finally {
      vi.unstubAllEnvs();
    }
    const clusters = { ...little("none"), recipe: { ...NARROW, batchSize: 16, conditional: true, clusters: 97 } };
    await expect(runGan({ ...goal, name: "clustered" }, clusters)).rejects.toThrow("kMeans()");
    expect(tf.memory().numTensors).toBe(before);
    expect(existsSync(join(root, "none"))).toBe(false);
  });

  it("measures any number of samples, by parts of which the last may be small", async () => {
    const recipe = { ...NARROW, batchSize: 16, conditional: true };
    const odd = { samples: 251, size: 20, repeats: 1 };
    const options = { ...little("odd"), recipe, along: odd, final: odd };
    expect(await runGan({ data: "mnist", name: "conditional", seed: 1, epochs: 1 }, options)).toBe("complete");
    const { asAsked } = digitGanLog("conditional", 1, { folder: options.folder }).final.own;
    expect(asAsked! * odd.samples).toBeCloseTo(Math.round(asAsked! * odd.samples));
  });

  it("refuses what it does not know by name", async () => {
    const options = little("none");
    await expect(main(["correct"], options)).rejects.toThrow(/name .*"corrected".* got "correct"/);
    await expect(main(["corrected", "--epoch", "3"], options)).rejects.toThrow("--epoch");
    await expect(main(["corrected", "--data", "svhn"], options)).rejects.toThrow(/data .*cifar10.* got "svhn"/);
    await expect(main(["hinge", "--data", "cifar10"], options)).rejects.toThrow('got "hinge"');
    await expect(main(["corrected", "--seed", "one"], options)).rejects.toThrow("seed");
    await expect(main(["corrected", "--save", "both"], options)).rejects.toThrow("save");
    await expect(main(["corrected", "--cpu-seconds", "0"], options)).rejects.toThrow("cpuSeconds");
    await expect(main(["corrected", "--epochs", "1.5"], options)).rejects.toThrow("epochs to be an integer from 1 up");
    expect(existsSync(join(root, "none"))).toBe(false);
  });
});

describe("the plan of lessons 11 and 12", () => {
  it("makes what is not there, each in files of its own, and goes on where one fails", async () => {
    const lines: string[] = [];
    const options = little("stopped", lines);
    const first = readFileSync(join(root, "stopped/corrected-seed-1.json"), "utf8");
    const budget: GanGoal = { ...goal, seed: 2, epochs: undefined, cpuSeconds: 1e-6, save: undefined };
    const missed = await runPlan([{ ...goal, name: "none" }, goal, budget], options);
    expect(missed).toEqual([expect.stringMatching(/^mnist none 1, 2 epochs: .*got "none"/)]);
    expect(lines.slice(1).map((line) => line.slice(0, 27))).toEqual([
      "mnist corrected 2, epoch 1:",
      "mnist corrected 2: complete",
    ]);
    // Of a budget of time it ends with the epoch that comes nearest.
    expect(logOf("stopped", 2).rows).toHaveLength(1);
    expect(logOf("stopped", 2).rows[0].loss).not.toBe(logOf("stopped").rows[0].loss);
    expect(existsSync(join(root, "stopped/corrected-seed-2.safetensors"))).toBe(false);
    expect(readFileSync(join(root, "stopped/corrected-seed-1.json"), "utf8")).toBe(first);

    const other = { ...goal, name: "hinge" };
    expect(await runPlan([other], { ...options, signal: AbortSignal.abort() })).toEqual(["stopped"]);
    expect(ganRunState(other, { ...options, recipe: undefined })).toBe("not begun");
  });

  it("has three seeds of each way of training, all at equal time, and lists them", async () => {
    const equal = GAN_PLAN.filter(({ data, cpuSeconds }) => data === "mnist" && cpuSeconds === EQUAL_TIME);
    const long = GAN_PLAN.filter(({ data, cpuSeconds }) => data === "mnist" && cpuSeconds === LONG_TIME);
    const alone = ["article", "rescaled", "corrected"];
    for (const name of Object.keys(DIGIT_GANS).filter((one) => !alone.includes(one))) {
      const seeds = (name === "long" ? long : equal).filter((one) => one.name === name).map(({ seed }) => seed);
      expect(seeds.sort(), name).toEqual([1, 2, 3]);
    }
    const pictures = GAN_PLAN.filter(({ data }) => data === "cifar10").map(({ name }) => name);
    expect(pictures.sort()).toEqual(Object.keys(PICTURE_GANS).sort());
    const lines: string[] = [];
    await main(["--list"], { folder: join(root, "empty"), tell: (line) => lines.push(line) });
    expect(lines).toHaveLength(GAN_PLAN.length);
    expect(lines[0]).toBe(`mnist small 1, ${EQUAL_TIME} s of processor time: not begun`);
    expect(existsSync(join(root, "empty"))).toBe(false);
  });

  it("finds what comes with the library complete, and lists what cannot go on without its checkpoint as well", async () => {
    const lines: string[] = [];
    await main(["--list"], { tell: (line) => lines.push(line) });
    const kept = GAN_PLAN.filter(({ data, save }) => data === "mnist" && save);
    expect(lines).toHaveLength(GAN_PLAN.length);
    for (const name of ["conditional", "clustered", "labelled clusters", "long"]) {
      const goals = kept.filter((one) => one.name === name);
      expect(goals.length, name).toBeGreaterThan(0);
      for (const one of goals) expect(ganRunState(one), name).toBe("complete");
    }
  });
});
