// The options every command has.
import type { Command } from "commander";
import { z } from "zod";

const schema = z.object({
  config: z.string(),
  json: z.boolean().default(false),
  verbose: z.boolean().default(false),
});

export type GlobalOptions = z.output<typeof schema>;

export const globalOptions = (command: Command): GlobalOptions => schema.parse(command.optsWithGlobals());
