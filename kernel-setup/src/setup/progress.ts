/** Says what the set-up is doing: a line a step, with its time. */
export class Progress {
  private width = 0;

  constructor(private readonly stream: NodeJS.WriteStream | { write(text: string): unknown; isTTY?: boolean }) {}

  /** Prints the title, does the work, and completes the line with its time and what the work says of itself. */
  async during(title: string, work: () => Promise<string | void>): Promise<void> {
    const began = performance.now();
    const time = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
    this.stream.write(`  ${title} … `);
    try {
      const detail = await work();
      this.detail("");
      this.stream.write(`${time()}${detail ? `  (${detail})` : ""}\n`);
    } catch (error) {
      this.detail("");
      this.stream.write(`failed after ${time()}\n`);
      throw error;
    }
  }

  /** On a terminal, shows what a long step is at, behind its title; elsewhere the line would only grow. */
  detail(text: string): void {
    if (!this.stream.isTTY) return;
    const shown = text.replace(/[^\x20-\x7e]/g, "").slice(0, 50);
    this.stream.write(
      "\b".repeat(this.width) + shown.padEnd(this.width) + "\b".repeat(Math.max(0, this.width - shown.length)),
    );
    this.width = shown.length;
  }

  /** A line of its own. */
  say(text: string): void {
    this.stream.write(`  ${text}\n`);
  }
}
