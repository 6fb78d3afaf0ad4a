// What somebody needs to go on by himself while the demo stays up: a configuration for the command line, an environment for scripts, and
// the commands to begin with.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Route } from "#relayer/routes.ts";
import type { DemoChain } from "./demo-chain.ts";
import type { EvmDemoChain } from "./evm-demo-chain.ts";

export interface RunningDemo {
  readonly directory: string;
  readonly chains: readonly [EvmDemoChain, DemoChain];
  readonly route: Route;
  /** The relayer's URL. */
  readonly api: string;
  /** The log's verifier key. */
  readonly logKey: string;
  /** A packet to look at. */
  readonly packet: string | undefined;
  /** Where to put the environment; beside the rest when absent. */
  readonly environment: string | undefined;
}

/** Returns lines to print. */
export async function goOn(demo: RunningDemo): Promise<string[]> {
  const { directory, chains, route, api, packet } = demo;
  const [first, second] = chains;
  const config = join(directory, "demo.yaml");
  const environment = demo.environment ?? join(directory, "demo.env");
  const url = new URL(api);
  const value = {
    data: directory,
    http: { host: url.hostname, port: Number(url.port) },
    chains: chains.map(({ userConfig }) => userConfig),
    routes: [route],
  };
  // Keys of development chains: everybody knows them.
  const variables = {
    RPC_URL: first.rpcUrl,
    API_URL: api,
    DEPLOYMENT: first.record,
    CLIENT: route[0].client,
    RECEIVER: second.receivers.messages ?? second.receivers.tokens,
    TOKEN: first.examples.token,
    KEY: first.user.privateKey,
    LOG_KEY: demo.logKey,
    CAUSEWAY_CONFIG: config,
  };
  await writeFile(config, stringify(value));
  await writeFile(
    environment,
    Object.entries(variables)
      .map(([name, text]) => `export ${name}='${text}'\n`)
      .join(""),
  );
  const causeway = "npm run -s causeway --";
  const { messages, tokens } = second.receivers;
  const sending =
    messages === undefined
      ? `transfer --to ${tokens} --denom ${first.examples.token} --amount 1000000000000000000`
      : `send --to ${messages} --text "Hello"`;
  return [
    "to go on, in another terminal:",
    `  ${causeway} ${sending} --from ${first.chainId}/${route[0].client} --wait --config ${config}`,
    ...(packet === undefined ? [] : [`  ${causeway} trace ${packet} --api ${api}`]),
    `  ${causeway} status --config ${config}`,
    // The guides send messages.
    ...(messages === undefined
      ? []
      : [`  source ${environment}   # what docs/guides/send.md and examples/ begin with`]),
  ];
}
