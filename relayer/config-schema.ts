// The shape of the configuration, and every rule it has to meet; all that is wrong is said at once.
import { z } from "zod";
import { isClientId } from "#adapters/protocol/client-id.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { secretReference } from "#adapters/secret.ts";
import type { Family } from "./family.ts";
import type { Route } from "./routes.ts";

/** Seconds in the file, milliseconds in the program. */
const seconds = (least: number, most: number, otherwise: number) =>
  z
    .number()
    .min(least)
    .max(most)
    .default(otherwise)
    .transform((value) => Math.round(value * 1000));

const timers = z.strictObject({
  clear: seconds(1, 86_400, 60).describe(
    "how often the chains are asked what is still pending, in seconds; default 60",
  ),
  refresh: seconds(1, 86_400, 60).describe("how often every light client's age is looked at, in seconds; default 60"),
  compare: seconds(0.05, 3_600, 12).describe(
    "how often what light clients believe is held against our own endpoints' finality, in seconds; default 12",
  ),
  tick: seconds(0.05, 60, 1).describe("how often the tables are searched for work that is due, in seconds; default 1"),
  standby: seconds(0.05, 2, 1).describe(
    "how often a relayer looks which others live, and shares the chains out with them, in seconds; default 1",
  ),
  finalityPoll: seconds(0.05, 600, 2).describe(
    "pause before asking again for evidence that is not final, in seconds; default 2",
  ),
  firstRetry: seconds(0.05, 60, 1).describe(
    "pause after a first failure, doubled after each further one, in seconds; default 1",
  ),
  longestRetry: seconds(1, 86_400, 300).describe("longest pause between two attempts, in seconds; default 300"),
});

const batch = z.strictObject({
  messages: z
    .int()
    .min(1)
    .max(1_000)
    .default(500)
    .describe("most packets in one transaction; fewer where its target carries no more; default 500"),
  bytes: z
    .int()
    .min(1_024)
    .max(4_194_304)
    .default(524_288)
    .describe("most packet bytes in one transaction; default 524288"),
  underWay: z
    .int()
    .min(1)
    .max(16)
    .default(4)
    .describe("most transactions of a lane that wait for their block at the same time; default 4"),
});

const end = z.strictObject({
  chain: z.string().min(1).describe("CAIP-2 id of a configured chain"),
  client: z
    .string()
    .refine(isClientId, "not a client id (name-N, 8 to 64 characters)")
    .describe("the light client of the other end, on this chain"),
});

const token = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.@-]{1,64}$/, "expected 1 to 64 letters, digits, or _ . @ -")
    .describe("whose it is"),
  role: z.enum(["viewer", "auditor", "operator"]).describe("each may do what the ones before it may"),
  token: secretReference,
});

const http = z.strictObject({
  host: z.string().min(1).default("127.0.0.1").describe("address to listen on; default 127.0.0.1"),
  port: z.int().min(0).max(65_535).default(7420).describe("port to listen on, 0 for any free one; default 7420"),
  public: z
    .boolean()
    .default(true)
    .describe("anybody may read; false: reading takes a token, evidence and log entries an auditor's; default true"),
  tokens: z
    .array(token)
    .refine((tokens) => new Set(tokens.map(({ name }) => name)).size === tokens.length, "two tokens have one name")
    .default([])
    .describe("who may do what; operators' acts are logged by the token's name"),
  origins: z
    .array(z.union([z.literal("*"), z.url().regex(/^https?:\/\/[^/]+$/, "expected an origin, without a path")]))
    .default(["*"])
    .describe("web pages of these origins may read; * is any; default *"),
  requestsPerMinute: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(600)
    .describe("most requests of one address in a minute; default 600"),
  listeners: z.int().min(0).max(10_000).default(200).describe("most that may listen to changes at a time; default 200"),
  explorer: z.boolean().default(true).describe("whether the explorer's pages are served, too; default true"),
});

const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "not the name of an environment variable");

const database = z.strictObject({
  urlFrom: environmentName
    .default("DATABASE_URL")
    .describe("environment variable with the Postgres URL; unset: an embedded Postgres; default DATABASE_URL"),
});

const queue = z.strictObject({
  redisFrom: environmentName
    .default("REDIS_URL")
    .describe("environment variable with the Redis URL; unset: the queue lives in Postgres; default REDIS_URL"),
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .default("causeway")
    .describe("keeps several relayers apart on one Redis; default causeway"),
  concurrency: z
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe("most lanes between the same two chains worked on at the same time; default 16"),
});

const outline = z.strictObject({
  data: z
    .string()
    .min(1)
    .default("./causeway-data")
    .describe("directory of the embedded database and the log's key; default ./causeway-data beside this file"),
  database: database.prefault({}),
  queue: queue.prefault({}),
  http: http.prefault({}),
  timers: timers.prefault({}),
  batch: batch.prefault({}),
  chains: z.array(z.unknown()).min(1),
  routes: z
    .array(z.tuple([end, end]))
    .default([])
    .describe("pairs of light clients that follow each other's chains; `causeway client create` opens one"),
});

export type Timers = z.output<typeof timers>;
export type BatchLimits = z.output<typeof batch>;
export interface ChainConfig {
  readonly family: string;
  readonly chainId: string;
}

export interface Config {
  readonly data: string;
  readonly chains: readonly ChainConfig[];
  readonly routes: readonly Route[];
  readonly http: z.output<typeof http>;
  /** Milliseconds. */
  readonly timers: Timers;
  readonly batch: BatchLimits;
  readonly queue: { readonly name: string; readonly concurrency: number };
  /** Absent: the embedded database. */
  readonly databaseUrl: string | undefined;
  /** Absent: the queue lives in the database. */
  readonly redisUrl: string | undefined;
}

type Issue = z.core.$ZodIssue;
const issue = (path: PropertyKey[], message: string): Issue => ({ code: "custom", path, message, input: undefined });

/** Each entry by its own family's schema, so that a typo is reported as that, and not as every family's rules. */
function parseChain(entry: unknown, index: number, families: readonly Family[], issues: Issue[]): ChainConfig[] {
  const name = (entry as { family?: unknown } | null)?.family;
  const family = families.find((candidate) => candidate.family === name);
  if (family === undefined) {
    const known = families.map((candidate) => `"${candidate.family}"`).join(", ");
    issues.push(issue(["chains", index, "family"], `unknown chain family: expected one of ${known}`));
    return [];
  }
  const result = family.configSchema.safeParse(entry);
  if (result.success) return [result.data];
  issues.push(...result.error.issues.map((found) => ({ ...found, path: ["chains", index, ...found.path] })));
  return [];
}

function namedChains(entries: readonly unknown[]): (string | undefined)[] {
  return entries.map((entry) => {
    const id = (entry as { chainId?: unknown } | null)?.chainId;
    return typeof id === "string" ? id : undefined;
  });
}

function checkReferences(entries: readonly unknown[], routes: readonly Route[], issues: Issue[]): void {
  const ids = namedChains(entries);
  for (const [index, id] of ids.entries())
    if (id !== undefined && ids.indexOf(id) < index)
      issues.push(issue(["chains", index, "chainId"], `chain ${id} is configured twice`));
  const seen = new Set<string>();
  for (const [index, route] of routes.entries()) {
    if (route[0].chain === route[1].chain) issues.push(issue(["routes", index], "both ends are on the same chain"));
    for (const [side, { chain, client }] of route.entries()) {
      if (!ids.includes(chain))
        issues.push(issue(["routes", index, side, "chain"], `chain ${chain} is not configured under chains`));
      const name = `${chain}/${client}`;
      if (seen.has(name))
        issues.push(issue(["routes", index, side], `light client ${client} on ${chain} is in another route already`));
      seen.add(name);
    }
  }
}

export interface Surroundings {
  readonly families: readonly Family[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Throws INVALID_CONFIG naming every problem, one per line. `value` is what the file holds; `where` names it. */
export function parseConfig(value: unknown, where: string, { families, environment }: Surroundings): Config {
  const issues: Issue[] = [];
  const parsed = outline.safeParse(value);
  if (!parsed.success) issues.push(...parsed.error.issues);
  const entries = parsed.data?.chains ?? (value as { chains?: unknown } | null)?.chains;
  const chains = Array.isArray(entries)
    ? entries.flatMap((entry, index) => parseChain(entry, index, families, issues))
    : [];
  if (parsed.success) checkReferences(parsed.data.chains, parsed.data.routes, issues);
  if (!parsed.success || issues.length > 0)
    throw new CausewayError("INVALID_CONFIG", `${where}:\n${z.prettifyError(new z.ZodError(issues))}`, {
      context: { problems: issues.length },
    });
  const { data, routes, http, timers, batch, queue, database } = parsed.data;
  return {
    data,
    routes,
    http,
    timers,
    batch,
    chains,
    queue: { name: queue.name, concurrency: queue.concurrency },
    databaseUrl: environment[database.urlFrom] || undefined,
    redisUrl: environment[queue.redisFrom] || undefined,
  };
}
