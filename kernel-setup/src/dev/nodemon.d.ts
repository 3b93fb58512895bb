/** The part of nodemon's programming interface that the course uses; nodemon ships no types. */
declare module "nodemon" {
  interface Settings {
    script: string;
    cwd: string;
    watch: string[];
    ext: string;
    /** Milliseconds to wait for further changes. */
    delay: number;
    quiet: boolean;
    stdin: boolean;
  }
  const nodemon: {
    (settings: Settings): void;
    on(event: "quit" | "start" | "exit" | "crash" | "restart", listener: () => void): void;
  };
  export = nodemon;
}
