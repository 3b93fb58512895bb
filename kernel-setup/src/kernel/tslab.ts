import { createRequire } from "node:module";
import type { Converter } from "tslab/dist/converter";
import { sourceMapped, type TypeScript } from "./typescript";

/** The one version of tslab that the kernel is composed from: it uses modules that tslab does not promise to keep. */
export const TSLAB_VERSION = "1.0.22";

/** What `executor.js` of tslab makes: runs cells and keeps their variables in `locals`. */
export interface Executor {
  execute(source: string): Promise<boolean>;
  locals: Record<string, unknown>;
  close(): void;
}

/** The two converters that tslab's executor asks for; cells use `node`. */
export interface Converters {
  readonly node: Converter;
  readonly browser: Converter;
  close(): void;
}

/** tslab's own modules, as far as the kernel is composed from them. */
export interface Tslab {
  ts: TypeScript;
  createConverter(options: { isJS: boolean; isBrowser: boolean }): Converter;
  isCompleteCode(code: string): { completed: boolean; indent?: string };
  createExecutor(
    folder: string,
    converters: Converters,
    console: { log(value: unknown): void; error(...values: unknown[]): void },
  ): Executor;
  /** Where the `display` of `import { display } from "tslab"` sends what it shows. */
  jupyter: { lastWriteDisplayData: ((content: DisplayContent, update?: boolean) => void) | null };
}

/** The content of a `display_data` message. */
export interface DisplayContent {
  data: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  transient?: { display_id?: string };
}

const remedy = `The kernel needs tslab ${TSLAB_VERSION}: run \`npm ci\` and then \`npm run setup\` in the course's folder.`;

/**
 * Loads tslab's modules and checks that everything the kernel uses of them is there.
 *
 * @param from The file from which tslab is looked up. @default this one
 * @throws Error that says what is missing and which version is needed.
 */
export function loadTslab(from: string = __filename): Tslab {
  const require = createRequire(from);
  const load = (id: string): Record<string, unknown> => {
    try {
      return require(id) as Record<string, unknown>;
    } catch (error) {
      throw new Error(`${id} could not be loaded (${firstLine(error)}). ${remedy}`, { cause: error });
    }
  };
  const { version } = load("tslab/package.json");
  if (version !== TSLAB_VERSION) throw new Error(`Found tslab ${String(version)}. ${remedy}`);

  const inTslab = createRequire(require.resolve("tslab/package.json"));
  const ts = sourceMapped(inTslab);
  const converter = load("tslab/dist/converter");
  const executor = load("tslab/dist/executor");
  const jupyter = load("tslab/dist/jupyter");
  for (const [module, exported, name] of [
    ["converter", converter, "createConverter"],
    ["converter", converter, "isCompleteCode"],
    ["executor", executor, "createExecutor"],
  ] as const) {
    if (typeof exported[name] !== "function") throw new Error(`tslab/dist/${module} has no ${name}. ${remedy}`);
  }
  if (!("lastWriteDisplayData" in jupyter))
    throw new Error(`tslab/dist/jupyter has no lastWriteDisplayData. ${remedy}`);
  return {
    ts,
    createConverter: converter.createConverter as Tslab["createConverter"],
    isCompleteCode: converter.isCompleteCode as Tslab["isCompleteCode"],
    createExecutor: executor.createExecutor as Tslab["createExecutor"],
    jupyter: jupyter as unknown as Tslab["jupyter"],
  };
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n", 1)[0];
}
