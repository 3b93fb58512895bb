import { join } from "node:path";
import { fingerprint } from "../setup/fingerprint";
import { state } from "../setup/paths";
import { lockFile, pipInstall } from "../setup/pip";
import type { Step } from "../setup/step";
import { hasPackage } from "../setup/wheels";

/** PyTorch, Keras, JAX and Stable-Baselines3 live apart from `.venv`: their pins must not decide those of the course, nor its size. */
export const benchEnvironment = join(state, "bench");

/** What `npm run bench` measures against. PyTorch brings its CUDA libraries along, hence the size. */
export const peersStep = (environment = benchEnvironment): Step => ({
  title: "PyTorch, Keras, JAX and Stable-Baselines3",
  stamp: join(environment, ".nablab-peers"),
  inputs: () => fingerprint({ file: lockFile("bench") }),
  present: () => hasPackage("torch", environment),
  make: (progress) => pipInstall("bench", progress, { gigabytes: 12, environment }),
});
