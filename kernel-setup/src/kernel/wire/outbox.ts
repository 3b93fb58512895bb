/** What the outbox needs of a ZeroMQ socket. */
export interface Sender {
  send(frames: (string | Buffer)[]): Promise<void>;
}

/**
 * Sends messages one after another, in order, none lost.
 *
 * zeromq.js takes at most 512 sends in one turn of the event loop and refuses the next ones with `EBUSY`. Waiting
 * for each send keeps far below that, and costs nothing: ZeroMQ's own thread does the work.
 */
export class Outbox {
  private readonly queue: (string | Buffer)[][] = [];
  private sending: Promise<void> | null = null;

  constructor(private readonly socket: Sender) {}

  /** Puts a message at the end of the queue. */
  push(frames: (string | Buffer)[]): void {
    this.queue.push(frames);
    this.sending ??= this.drain();
  }

  /** Resolves when everything that was pushed so far has been handed to ZeroMQ. */
  async flushed(): Promise<void> {
    await this.sending;
  }

  private async drain(): Promise<void> {
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      await this.socket.send(next);
    }
    this.sending = null;
  }
}
