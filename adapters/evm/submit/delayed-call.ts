// A call that OpenZeppelin's AccessManager guards: made at once by who may, else scheduled, and executed when its delay is over.
// All there is to know is on the chain, so that whoever was killed in between goes on by calling again.
import { encodeFunctionData, slice } from "viem/utils";
import type { DelayedAction } from "#adapters/chain-admin.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { abi } from "../../../contracts/evm/bindings/AccessManager.ts";
import type { ChainContext } from "../context.ts";
import { clock } from "../light-clients.ts";
import type { Hex } from "../rpc/hex.ts";
import { readContract } from "../rpc/read-contract.ts";
import { sendCall } from "./send-call.ts";
import type { Sender } from "./sender.ts";

export interface DelayedCall {
  /** For errors and the record: "add fork". */
  readonly what: string;
  readonly manager: Hex;
  readonly target: Hex;
  readonly data: Hex;
}

const scheduling = ({ target, data }: DelayedCall): Hex =>
  encodeFunctionData({ abi, functionName: "schedule", args: [target, data, 0] });

const executing = ({ target, data }: DelayedCall): Hex =>
  encodeFunctionData({ abi, functionName: "execute", args: [target, data] });

/** The manager's clock is the block's: a node may simulate a moment earlier or later than it said. */
const ONLY_TOO_EARLY = new Set(["AccessManagerNotReady", "AccessManagerAlreadyScheduled"]);

/** Throws NOT_AUTHORIZED, with the two calls that its holder could make in its context, and what `sendCall` throws. */
export async function delayedCall(context: ChainContext, sender: Sender, call: DelayedCall): Promise<DelayedAction> {
  const { what, manager, target, data } = call;
  const [mayNow, delay] = await context.execution.use((endpoint) =>
    readContract(endpoint, {
      abi,
      address: manager,
      functionName: "canCall",
      args: [sender.address, target, slice(data, 0, 4)],
    }),
  );
  const send = async (step: string, to: Hex, bytes: Hex): Promise<string> =>
    (await sendCall(context, sender, { what: step, to, data: bytes })).transactionHash;
  if (mayNow) return { status: "done", transaction: await send(what, target, data) };
  if (delay === 0) throw await notAllowed(context, sender, call);

  const readyAt = await scheduledFor(context, sender, call);
  try {
    if (readyAt === 0n) {
      const transaction = await send(`schedule ${what}`, manager, scheduling(call));
      return { status: "scheduled", readyAt: await scheduledFor(context, sender, call), transaction };
    }
    if (readyAt > (await context.execution.use(clock))) return { status: "scheduled", readyAt };
    return { status: "done", transaction: await send(what, manager, executing(call)) };
  } catch (error) {
    if (!isCausewayError(error) || !ONLY_TOO_EARLY.has(String(error.context["error"]))) throw error;
    return { status: "scheduled", readyAt: await scheduledFor(context, sender, call) };
  }
}

/** Unix seconds from which on it can be executed; 0 when it is not scheduled, or was not executed within a week. */
function scheduledFor({ execution }: ChainContext, sender: Sender, call: DelayedCall): Promise<bigint> {
  const { manager: address, target, data } = call;
  return execution.use(async (endpoint) => {
    const args = [sender.address, target, data] as const;
    const id = await readContract(endpoint, { abi, address, functionName: "hashOperation", args });
    return BigInt(await readContract(endpoint, { abi, address, functionName: "getSchedule", args: [id] }));
  });
}

async function notAllowed(
  { config, execution }: ChainContext,
  sender: Sender,
  call: DelayedCall,
): Promise<CausewayError> {
  const { what, manager, target, data } = call;
  const role = await execution.use((endpoint) =>
    readContract(endpoint, {
      abi,
      address: manager,
      functionName: "getTargetFunctionRole",
      args: [target, slice(data, 0, 4)],
    }),
  );
  return new CausewayError(
    "NOT_AUTHORIZED",
    `${what} on ${config.chainId}: ${sender.address} does not hold role ${role} of the access manager ${manager}`,
    {
      hint:
        "use a configuration whose `signer` is the role's holder; a holder that is a contract makes the two calls itself, " +
        "`schedule` and after the delay `execute`, which this error carries with --json",
      context: { chainId: config.chainId, manager, role, schedule: scheduling(call), execute: executing(call) },
    },
  );
}
