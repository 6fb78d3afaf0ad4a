// Putting another light client behind a client id, through the access manager's delay: what is scheduled is read from the
// manager's own events and schedule, so that any machine sees the same.
import { decodeFunctionData, encodeFunctionData, toFunctionSelector } from "viem/utils";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { ErrorCode } from "#adapters/protocol/error-codes.ts";
import { abi as managerAbi } from "../../contracts/evm/bindings/AccessManager.ts";
import { abi as routerAbi } from "../../contracts/evm/bindings/PacketRouter.ts";
import type { ClientMigrations, ScheduledMigration } from "../migration.ts";
import type { NewClient } from "../trusted-client.ts";
import type { ChainContext } from "./context.ts";
import { deployLightClient } from "./deploy-light-client.ts";
import { kindOf } from "./hosted/kinds.ts";
import { readLightClient, readRegistered } from "./light-clients.ts";
import type { Hex } from "./rpc/hex.ts";
import { readContract } from "./rpc/read-contract.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";
import { scheduledOperations } from "./scheduled-operations.ts";
import type { ScheduledOperation } from "./scheduled-operations.ts";
import { sendCall } from "./submit/send-call.ts";
import type { Sender } from "./submit/sender.ts";

const SELECTOR = toFunctionSelector("migrateClient(string,address)");

const migrateCall = (clientId: string, lightClient: Hex): Hex =>
  encodeFunctionData({ abi: routerAbi, functionName: "migrateClient", args: [clientId, lightClient] });

export function createMigrations(context: ChainContext, sender: () => Promise<Sender>): ClientMigrations {
  const { config, execution } = context;
  const router = config.router;

  const manager = (endpoint: RpcEndpoint): Promise<Hex> =>
    readContract(endpoint, { abi: routerAbi, address: router, functionName: "authority", args: [] }).then(lowerCase);

  const encoded = async (functionName: "execute" | "cancel", { id }: ScheduledMigration) => {
    const to = await execution.use(manager);
    // Not made of its parts again: the operation is named by the very bytes it was scheduled with.
    const { caller, data } = await execution.use((endpoint) => readOperation(context, endpoint, to, id));
    const bytes =
      functionName === "execute"
        ? encodeFunctionData({ abi: managerAbi, functionName, args: [router, data] })
        : encodeFunctionData({ abi: managerAbi, functionName, args: [caller, router, data] });
    return { to, data: bytes };
  };

  const send = async (what: string, call: { readonly to: Hex; readonly data: Hex }) => {
    const receipt = await sendCall(context, await sender(), { what, ...call });
    return { transaction: receipt.transactionHash };
  };

  const scheduled = (clientId: string): Promise<ScheduledMigration[]> =>
    execution.use(async (endpoint) => {
      await readRegistered(context, endpoint, clientId);
      return readScheduled(context, endpoint, await manager(endpoint), clientId);
    });

  return {
    scheduled,
    async schedule(clientId, replacement) {
      const from = await sender();
      await execution.use((endpoint) => readRegistered(context, endpoint, clientId));
      const delay = await requireRole(context, from, await execution.use(manager));
      requireLifetime(replacement, delay);
      const lightClient = await deployLightClient(context, from, replacement);
      const data = migrateCall(clientId, lightClient);
      if (delay === 0) {
        await sendCall(context, from, { what: "migrate client", to: router, data });
        return { now: true };
      }
      const to = await execution.use(manager);
      const schedule = encodeFunctionData({ abi: managerAbi, functionName: "schedule", args: [router, data, 0] });
      await sendCall(context, from, { what: "schedule migration", to, data: schedule });
      const migration = (await scheduled(clientId)).find(({ address }) => address === lightClient);
      if (migration !== undefined) return { now: false, migration };
      throw new CausewayError("RPC_STALE", "the scheduled migration is not shown by the access manager yet", {
        hint: "run the same command again",
      });
    },
    async prepare(clientId, replacement) {
      await execution.use((endpoint) => readRegistered(context, endpoint, clientId));
      const address = await deployLightClient(context, await sender(), replacement);
      const data = migrateCall(clientId, address);
      return {
        to: await execution.use(manager),
        schedule: encodeFunctionData({ abi: managerAbi, functionName: "schedule", args: [router, data, 0] }),
        execute: encodeFunctionData({ abi: managerAbi, functionName: "execute", args: [router, data] }),
        replacement: await execution.use((endpoint) => readLightClient(endpoint, address, clientId)),
        address,
      };
    },
    async execute(migration) {
      const { address } = await sender();
      const call = await encoded("execute", migration);
      if (address === migration.scheduledBy) return send("execute migration", call);
      throw new CausewayError("NOT_AUTHORIZED", `${migration.scheduledBy} scheduled it, ${address} cannot execute it`, {
        hint: `run this with the key of ${migration.scheduledBy}; a contract makes the call itself, which this error carries with --json`,
        context: { manager: call.to, execute: call.data },
      });
    },
    cancel: async (migration) => send("cancel migration", await encoded("cancel", migration)),
  };
}

const lowerCase = (address: Hex): Hex => address.toLowerCase() as Hex;

/** Seconds that this account has to wait for; throws NOT_AUTHORIZED when it may not migrate at all. */
async function requireRole({ config, execution }: ChainContext, from: Sender, address: Hex): Promise<number> {
  const args = [from.address, config.router, SELECTOR] as const;
  const [immediate, delay] = await execution.use((endpoint) =>
    readContract(endpoint, { abi: managerAbi, address, functionName: "canCall", args }),
  );
  if (immediate || delay > 0) return immediate ? 0 : delay;
  throw new CausewayError(
    "NOT_AUTHORIZED",
    `${from.address} does not hold the role CLIENT_ADMIN on ${config.chainId}`,
    {
      hint: "set `signer` of that chain to the key of a client admin; for one that is a contract see --prepare",
      context: { chainId: config.chainId, signer: from.address },
    },
  );
}

function requireLifetime(replacement: NewClient, delay: number): void {
  const state = kindOf(replacement.clientType).read(replacement.state);
  if (state === undefined || state.trustingPeriod > BigInt(delay)) return;
  throw new CausewayError(
    "INVALID_ARGUMENT",
    `a trusting period of ${state.trustingPeriod} s ends before the delay of ${delay} s does`,
    { hint: "choose a longer --trusting-period: the new light client has to live through the delay" },
  );
}

async function readScheduled(
  context: ChainContext,
  endpoint: RpcEndpoint,
  address: Hex,
  clientId: string,
): Promise<ScheduledMigration[]> {
  const expiration = await readContract(endpoint, { abi: managerAbi, address, functionName: "expiration", args: [] });
  const found: ScheduledMigration[] = [];
  for (const { id, nonce, target, data, caller } of await scheduledOperations(context, endpoint, address)) {
    const lightClient = target === context.config.router ? lightClientOf(data, clientId) : undefined;
    if (lightClient === undefined) continue;
    const [executableAt, currentNonce] = await Promise.all([
      readContract(endpoint, { abi: managerAbi, address, functionName: "getSchedule", args: [id] }),
      readContract(endpoint, { abi: managerAbi, address, functionName: "getNonce", args: [id] }),
    ]);
    // Executed, cancelled or expired; or scheduled again later.
    if (executableAt === 0 || currentNonce !== nonce) continue;
    found.push({
      id,
      clientId,
      scheduledBy: caller,
      executableAt: BigInt(executableAt),
      expiresAt: BigInt(executableAt + expiration),
      address: lightClient,
      replacement: await replacementOf(endpoint, lightClient, clientId),
    });
  }
  return found;
}

const UNREADABLE: ReadonlySet<ErrorCode> = new Set([
  "UNSUPPORTED",
  "CONTRACT_MISSING",
  "RPC_BAD_ANSWER",
  "TRANSACTION_REVERTED",
] satisfies ErrorCode[]);

/** Undefined when what shall take over is nothing we can read: all the more reason to look at it. */
async function replacementOf(endpoint: RpcEndpoint, address: Hex, clientId: string) {
  try {
    return await readLightClient(endpoint, address, clientId);
  } catch (error) {
    if (isCausewayError(error) && UNREADABLE.has(error.code)) return undefined;
    throw error;
  }
}

async function readOperation(
  context: ChainContext,
  endpoint: RpcEndpoint,
  manager: Hex,
  id: string,
): Promise<ScheduledOperation> {
  const found = (await scheduledOperations(context, endpoint, manager, id as Hex)).at(-1);
  if (found?.target === context.config.router) return found;
  throw new CausewayError("INVALID_ARGUMENT", `no operation ${id} on the router was ever scheduled`);
}

/** The light client that an operation would put behind this client id. */
function lightClientOf(data: Hex, clientId: string): Hex | undefined {
  if (!data.startsWith(SELECTOR)) return undefined;
  try {
    const { functionName, args } = decodeFunctionData({ abi: routerAbi, data });
    return functionName === "migrateClient" && args[0] === clientId ? lowerCase(args[1]) : undefined;
  } catch {
    return undefined;
  }
}
