// `causeway explorer`: the explorer as static files.
import { Command } from "commander";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { exportSite } from "#relayer/explorer/export-site.ts";
import { answer } from "./answer.ts";
import { globalOptions } from "./global-options.ts";
import type { Terminal } from "./terminal.ts";

export const explorerCommand = (terminal: Terminal): Command =>
  new Command("explorer")
    .description("the explorer's pages, which a relayer serves by itself")
    .addCommand(exportCommand(terminal))
    .addHelpText("after", "\nExamples:\n  causeway explorer export --out public --api https://relayer.example.org");

/** No query, no fragment, no credentials: paths are put after it. */
const apiUrl = z
  .url({ protocol: /^https?$/ })
  .refine((value) => !/[?#@]/.test(value), "expected a URL without query, fragment and credentials")
  .transform((value) => value.replace(/\/+$/, ""));

const exportCommand = (terminal: Terminal): Command =>
  new Command("export")
    .description("writes the explorer as files that any web server can host, and that ask a relayer's API")
    .requiredOption("--out <dir>", "where to write them")
    .requiredOption("--api <url>", "where the relayer's API answers, as browsers reach it")
    .addHelpText(
      "after",
      `
The relayer has to allow the origin that the files are hosted at.

Examples:
  causeway explorer export --out public --api https://relayer.example.org`,
    )
    .action(async (options: { out: string; api: string }, command: Command) => {
      const { json } = globalOptions(command);
      const api = apiUrl.safeParse(options.api);
      if (!api.success)
        throw new CausewayError("INVALID_ARGUMENT", `--api: ${api.error.issues[0]?.message ?? "not a URL"}`);
      const files = await exportSite(options.out, api.data).catch((cause: Error) => {
        throw new CausewayError("INVALID_ARGUMENT", `${options.out} cannot be written: ${cause.message}`, { cause });
      });
      answer(terminal, json, { out: options.out, api: api.data, files }, ({ out, files }) =>
        [`wrote ${files.length} files to ${out}:`, ...files.map((file) => `  ${file}`)].join("\n"),
      );
    });
