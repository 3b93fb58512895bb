import { Env, type Info, type Numbers, type SavedEnv } from "./env";
import type { Scene } from "./scene";
import type { Space } from "./spaces";

/**
 * An environment around another that changes one thing about it. What a class of its own doesn't override is passed on.
 */
export class Wrapper<A extends Space = Space, O extends Space = Space> extends Env<A, O> {
  readonly actionSpace: A;
  readonly observationSpace: O;

  /** @param inner the environment within */
  constructor(readonly inner: Env<A, O>) {
    super();
    this.actionSpace = inner.actionSpace;
    this.observationSpace = inner.observationSpace;
    this.spec = inner.spec;
  }

  get name(): string {
    return this.inner.name;
  }

  get terminated(): boolean {
    return this.inner.terminated;
  }

  get truncated(): boolean {
    return this.inner.truncated;
  }

  resetInto(out: Numbers, at = 0, seed?: number): void {
    this.inner.resetInto(out, at, seed);
  }

  stepInto(actions: ArrayLike<number>, from: number, out: Numbers, at = 0): number {
    return this.inner.stepInto(actions, from, out, at);
  }

  override info(): Info {
    return this.inner.info();
  }

  draw(): Scene {
    return this.inner.draw();
  }

  save(): SavedEnv {
    return { inner: this.inner.save() };
  }

  load(saved: SavedEnv): void {
    this.inner.load(saved.inner as SavedEnv);
  }

  override close(): void {
    this.inner.close();
  }
}

/** The environment inside all wrappers: Gymnasium's `env.unwrapped`. */
export function unwrap(env: Env): Env {
  return env instanceof Wrapper ? unwrap(env.inner) : env;
}
