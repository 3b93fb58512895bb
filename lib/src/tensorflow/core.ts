import { createRequire } from "node:module";

/**
 * The exports of tfjs-core that `tf.*` and `tf.layers` look up at every call. Unlike those of `tf` they can be replaced:
 * that is how random ops made for a recording, or for the GPU, take the place of loops in JavaScript.
 */
export const core = createRequire(__filename)("@tensorflow/tfjs-core") as Record<string, (...rest: never[]) => unknown>;
