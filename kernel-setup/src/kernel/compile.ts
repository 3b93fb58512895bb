import type { ConvertResult, Converter, Diagnostic } from "tslab/dist/converter";
import { initialDeclarations, keepAssigned } from "./declarations";
import { makeStoppable } from "./rewrite";
import { LineMap } from "./line-map";
import type { Converters, Tslab } from "./tslab";
import { emitted } from "./typescript";

/** The name under which a cell's code appears in stack traces. */
export const cellName = (count: number): string => `nablab-cell-${count}.ts`;

/** TypeScript's code for an import that it cannot find. */
const CANNOT_FIND_MODULE = 2307;

export interface CompilerOptions {
  tslab: Tslab;
  /**
   * Called before a cell is compiled; here changed libraries are noticed. `searchAgain` is set when the last cell
   * imported something that was not there.
   */
  before(options: { searchAgain: boolean }): void;
  /** Called when the cell's own code is about to run. */
  after(): void;
}

/**
 * tslab's converter, with what the kernel needs around it: the declarations of the session, awaits that Stop can
 * end, and the way back from a line of what runs to a line of the cell.
 */
export class Compiler implements Converters {
  readonly maps = new Map<number, LineMap>();
  diagnostics: Diagnostic[] = [];
  private count = 0;
  private missing = false;
  private declarations = initialDeclarations;
  private pending: string | null = null;
  private readonly inner: Converter;
  private inBrowser: Converter | null = null;

  constructor(private readonly options: CompilerOptions) {
    this.inner = options.tslab.createConverter({ isJS: false, isBrowser: false });
  }

  /** Has the compiler read its libraries before the first cell comes. */
  warmUp(): void {
    if (this.count === 0) this.inner.convert(this.declarations, "0");
  }

  /** Names the cell that is compiled next. */
  begin(count: number): void {
    this.count = count;
    this.pending = null;
    this.diagnostics = [];
  }

  /** Takes over what the cell declared. After a failure, only what had got a value by then. */
  end(ok: boolean, locals: Record<string, unknown>): void {
    if (this.pending === null) return;
    this.declarations = ok ? this.pending : keepAssigned(this.options.tslab.ts, this.pending, locals);
    this.pending = null;
  }

  readonly node: Converter = {
    convert: (_previous, source) => this.convert(source),
    inspect: (_previous, source, position) => this.inner.inspect(this.declarations, source, position),
    complete: (_previous, source, position) => this.inner.complete(this.declarations, source, position),
    addModule: (name, content, meta) => {
      this.diagnostics = this.inner.addModule(name, content, meta);
      return this.diagnostics;
    },
    close: () => this.inner.close(),
  };

  get browser(): Converter {
    this.inBrowser ??= this.options.tslab.createConverter({ isJS: false, isBrowser: true });
    return this.inBrowser;
  }

  close(): void {
    this.inner.close();
    this.inBrowser?.close();
  }

  private convert(source: string): ConvertResult {
    this.options.before({ searchAgain: this.missing });
    const result = this.inner.convert(this.declarations, source);
    this.diagnostics = result.diagnostics;
    this.missing = result.diagnostics.some(({ code }) => code === CANNOT_FIND_MODULE);
    if (result.diagnostics.length > 0) return result;
    this.pending = result.declOutput ?? "";
    const { code, edits, awaitsAtTop } = makeStoppable(this.options.tslab.ts, result.output ?? "");
    this.maps.set(this.count, new LineMap(emitted.toModule, emitted.toCommonJs, edits));
    this.options.after();
    return {
      ...result,
      output: `${code}\n//# sourceURL=${cellName(this.count)}`,
      hasToplevelAwait: result.hasToplevelAwait || awaitsAtTop,
    };
  }
}
