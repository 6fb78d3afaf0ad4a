// The commands, in the order of the help. Their files are loaded when they are called: the relayer's alone takes longer than most commands do.
import type { Command } from "commander";
import { boundHeap } from "#relayer/bound-heap.ts";
import type { Terminal } from "./terminal.ts";

type MakeCommand = (terminal: Terminal) => Command;

const loaders: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  demo: async () => (await import("./demo.ts")).demoCommand,
  async relay() {
    boundHeap();
    return (await import("./relay.ts")).relayCommand;
  },
  send: async () => (await import("./send.ts")).sendCommand,
  transfer: async () => (await import("./transfer.ts")).transferCommand,
  status: async () => (await import("./status.ts")).statusCommand,
  lane: async () => (await import("./lane.ts")).laneCommand,
  retry: async () => (await import("./retry.ts")).retryCommand,
  trace: async () => (await import("./trace.ts")).traceCommand,
  client: async () => (await import("./client.ts")).clientCommand,
  config: async () => (await import("./config.ts")).configCommand,
  audit: async () => (await import("./audit.ts")).auditCommand,
  explorer: async () => (await import("./explorer.ts")).explorerCommand,
};

/** The one that `argv` calls: the first whose name is among its words, but as the name of a file; all when it names none. */
export async function loadCommands(argv: readonly string[]): Promise<readonly MakeCommand[]> {
  const words = argv.filter((_, index) => argv[index - 1] !== "--config");
  const called = words.find((word) => Object.hasOwn(loaders, word));
  const loading = Object.entries(loaders).filter(([name]) => called === undefined || name === called);
  return Promise.all(loading.map(([, load]) => load()));
}
