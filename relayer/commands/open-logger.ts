// Logs of the command line: JSON lines on standard error, warnings only unless asked for more.
import pino from "pino";
import type { Logger } from "#adapters/logger.ts";
import type { Terminal } from "./terminal.ts";

export const openLogger = (terminal: Terminal, level: "debug" | "info" | "warn" | "error"): Logger =>
  pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, terminal.errors);
