import { readFileSync } from "node:fs";

/** What Jupyter writes into the connection file: where to listen and the key that signs every message. */
export interface Connection {
  transport: string;
  ip: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
  key: string;
  signature_scheme?: string;
}

/** Reads a connection file. Throws an Error that names the file and what is wrong with it. */
export function readConnection(file: string): Connection {
  let connection: Partial<Connection>;
  try {
    connection = JSON.parse(readFileSync(file, "utf8")) as Partial<Connection>;
  } catch (error) {
    throw new Error(`The connection file ${file} could not be read: ${(error as Error).message}`, { cause: error });
  }
  for (const port of ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const) {
    if (typeof connection[port] !== "number") throw new Error(`The connection file ${file} has no ${port}.`);
  }
  const scheme = connection.signature_scheme ?? "hmac-sha256";
  if (scheme !== "hmac-sha256") {
    throw new Error(`The connection file ${file} asks for signature scheme ${scheme}; only hmac-sha256 is supported.`);
  }
  return { transport: "tcp", ip: "127.0.0.1", key: "", ...connection } as Connection;
}

/** The address of one of the five sockets. For `ipc` the port is the end of a file's name. */
export function address({ transport, ip }: Connection, port: number): string {
  return transport === "ipc" ? `ipc://${ip}-${port}` : `${transport}://${ip}:${port}`;
}
