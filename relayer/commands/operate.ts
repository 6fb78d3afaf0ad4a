// What the commands of operators have in common: through a relayer's API, or on its database as `causeway status` does.
import { userInfo } from "node:os";
import type { Command } from "commander";
import { CausewayError } from "#adapters/protocol/error.ts";
import { loadConfig } from "#relayer/config.ts";
import { acts, reason } from "#relayer/operate/acts.ts";
import type { ActName } from "#relayer/operate/acts.ts";
import { registerLanes } from "#relayer/packets/lanes.ts";
import { createRoutes } from "#relayer/routes.ts";
import { readSecret } from "#relayer/secrets.ts";
import { createApi } from "#sdk/api/client.ts";
import { actResult } from "#sdk/api/views.ts";
import type { ActResult } from "#sdk/api/views.ts";
import { answer } from "./answer.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export interface OperateOptions {
  readonly because?: string;
  readonly api?: string;
  readonly tokenFrom?: string;
}

/** `because`: whether a reason has to be given. */
export function withOperateOptions(command: Command, because: "required" | "optional"): Command {
  const reasoned =
    because === "required"
      ? command.requiredOption("--because <reason>", "why; it is shown to everybody and goes into the proof log")
      : command.option("--because <reason>", "why; it goes into the proof log");
  return reasoned
    .option("--api <url>", "ask this relayer, instead of working on the database of the configuration")
    .option("--token-from <variable>", "environment variable that holds an operator's token, with --api");
}

async function onDatabase(terminal: Terminal, command: Command, act: ActName, id: string, because?: string) {
  const { config: path, verbose } = globalOptions(command);
  const config = await loadConfig(path);
  return withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), async (session) => {
    await registerLanes(session.pool, createRoutes(config.routes));
    const stores = { pool: session.pool, log: await session.log() };
    return acts[act](stores, id, { by: `local:${userInfo().username}`, because });
  });
}

export interface Operation {
  readonly act: ActName;
  readonly kind: "lane" | "packet";
  readonly id: string;
  /** What to say when it changed something, and when there was nothing to change. */
  readonly done: string;
  readonly unchanged: string;
}

/** Throws NOT_FOUND, NOT_AUTHORIZED, API_UNREACHABLE, API_BAD_ANSWER. */
export async function operate(
  terminal: Terminal,
  command: Command,
  { act, kind, id, done, unchanged }: Operation,
  options: OperateOptions,
): Promise<void> {
  const because = options.because === undefined ? undefined : reason.safeParse(options.because).data;
  if (because === undefined && options.because !== undefined)
    throw new CausewayError("INVALID_ARGUMENT", "--because: expected a reason of 1 to 400 characters in one line");
  if ((options.api === undefined) !== (options.tokenFrom === undefined))
    throw new CausewayError("INVALID_ARGUMENT", "--api and --token-from are given together or not at all");
  let result: ActResult;
  if (options.api === undefined) {
    const changed = await onDatabase(terminal, command, act, id, because);
    if (changed === undefined)
      throw new CausewayError("NOT_FOUND", `${kind} ${id} is not known to this relayer`, {
        hint: "`causeway status` lists those it knows",
      });
    result = { act, id, changed };
  } else {
    const api = createApi({ url: options.api, token: await readSecret({ env: options.tokenFrom ?? "" }) });
    const post = because === undefined ? {} : { because };
    result = await api.read(`/v1/${kind}s/${id}/${act}`, actResult, { post, signal: terminal.signal });
  }
  answer(terminal, globalOptions(command).json, result, ({ changed }) => (changed ? done : unchanged));
}
