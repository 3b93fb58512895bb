import { Reply, Router, XPublisher } from "zeromq";
import { address, type Connection } from "./connection";

/** The five sockets of a kernel, bound. */
export interface Sockets {
  shell: Router;
  control: Router;
  stdin: Router;
  iopub: XPublisher;
  heartbeat: Reply;
}

/**
 * Binds the five sockets.
 *
 * iopub is an XPUB, which hears of every subscription: the kernel greets each with `iopub_welcome`, and a client
 * knows from when on it misses nothing. ZeroMQ drops messages for a subscriber that is more than 1000 behind; a
 * notebook must not lose output, so that limit is off.
 *
 * @throws Error that names the address that could not be bound.
 */
export async function bindSockets(connection: Connection): Promise<Sockets> {
  const sockets: Sockets = {
    shell: new Router({ linger: 1000 }),
    control: new Router({ linger: 1000 }),
    stdin: new Router({ linger: 0 }),
    iopub: new XPublisher({ linger: 1000, sendHighWaterMark: 0, verbosity: "allSubs" }),
    heartbeat: new Reply({ linger: 0 }),
  };
  const bind = async (socket: { bind(to: string): Promise<void> }, port: number) => {
    const to = address(connection, port);
    try {
      await socket.bind(to);
    } catch (error) {
      throw new Error(`The kernel could not listen on ${to}: ${(error as Error).message}`, { cause: error });
    }
  };
  await Promise.all([
    bind(sockets.shell, connection.shell_port),
    bind(sockets.control, connection.control_port),
    bind(sockets.stdin, connection.stdin_port),
    bind(sockets.iopub, connection.iopub_port),
    bind(sockets.heartbeat, connection.hb_port),
  ]);
  return sockets;
}

/** Answers every heartbeat with itself, as long as the socket is open. */
export async function beat(heartbeat: Reply): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}
