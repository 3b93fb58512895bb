import type { MainModule, MjModel } from "@mujoco/mujoco";

/** MuJoCo's functions, as its own package has them. */
export type MujocoEngine = MainModule;

let engine: MujocoEngine | undefined;
let loading: Promise<void> | undefined;

/**
 * Loads MuJoCo, the physics engine of HalfCheetah and its kin: 10 MB of WebAssembly by Google DeepMind, so it is loaded
 * only where it is asked for, once. After that `make("HalfCheetah-v5")` needs no waiting.
 *
 * Todorov, Erez, Tassa: MuJoCo: a physics engine for model-based control. IROS 2012.
 *
 * @throws Error where the package is missing or can't run here
 * @example await rl.loadMujoco();
 */
export async function loadMujoco(): Promise<void> {
  loading ??= start();
  try {
    await loading;
  } catch (error) {
    loading = undefined; // the next call tries again
    throw error;
  }
}

async function start(): Promise<void> {
  try {
    const { default: create } = await import("@mujoco/mujoco");
    engine = await create();
  } catch (error) {
    throw new Error(
      `loadMujoco() could not load MuJoCo: ${(error as Error).message}. ` +
        "Remedy: npm ci installs the package @mujoco/mujoco; it runs on Node 20.19 or newer.",
      { cause: error },
    );
  }
}

/** The engine, once it is loaded. @throws Error that says how to load it */
export function mujoco(forWhat: string): MujocoEngine {
  if (engine) return engine;
  throw new Error(`${forWhat} needs the physics engine MuJoCo. Remedy: await rl.loadMujoco() first.`);
}

const models = new Map<string, MjModel>();

/** A compiled body, made once for all environments that have it. @throws Error with MuJoCo's own words */
export function compileModel(name: string, mjcf: string): MjModel {
  const compiled = models.get(mjcf) ?? mujoco(name).MjModel.from_xml_string(mjcf);
  if (!compiled) throw new Error(`MuJoCo could not read the model of ${name}. Remedy: look at its MJCF text.`);
  models.set(mjcf, compiled);
  return compiled;
}

/** Attributes of an element of MJCF, MuJoCo's language for bodies; arrays are written with spaces. */
export type MjcfAttributes = Record<string, string | number | boolean | readonly number[]>;

/**
 * One element of MJCF: `mjcf("joint", { axis: [0, 1, 0], damping: 1 })`.
 *
 * Give a model `mjcf("size", { memory: "1M" })`: MuJoCo would set 15 MB aside for each environment, and 2 GB is all there is.
 */
export function mjcf(tag: string, attributes: MjcfAttributes, ...children: readonly string[]): string {
  const list = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${Array.isArray(value) ? value.join(" ") : String(value)}"`,
  );
  return `<${tag}${list.join("")}>${children.join("")}</${tag}>`;
}

/** Joints that carry a body along, up and around: no spring, no friction. */
export const free = { armature: 0, damping: 0, limited: false, stiffness: 0 };
