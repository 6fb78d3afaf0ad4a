// Calls an application as the router would, without effect, to hear what it says.
import { encodeFunctionData } from "viem/utils";
import type { Message } from "#adapters/message.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { abi as appAbi } from "../../../contracts/evm/bindings/IPacketApp.ts";
import { abi as routerAbi } from "../../../contracts/evm/bindings/PacketRouter.ts";
import type { ChainContext } from "../context.ts";
import { toAbiPacket } from "../packet-abi.ts";
import { quantityHex, toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import { readContract, revertOf } from "../rpc/read-contract.ts";
import type { Revert } from "../rpc/read-contract.ts";
import type { RpcEndpoint } from "../rpc/rpc-endpoint.ts";

/** The router's CALLBACK_GAS, and what a call costs before its first instruction. */
const GAS = quantityHex(4_000_000n + 500_000n);

/** `unknown`: no endpoint can try it, mostly because none keeps the state of that height. */
export type Trial = "takes it" | "unknown" | Revert;

/** With several payloads the router calls several applications in one frame: that is not tried. `height`: the head's state when absent. */
export async function tryCallback(
  { config, execution }: ChainContext,
  message: Message,
  height: bigint | undefined,
  signal: AbortSignal,
): Promise<Trial> {
  const { payloads, sourceClient, destClient, sequence } = toAbiPacket(message.packet);
  const [payload, ...more] = payloads;
  if (payload === undefined || more.length > 0) return "unknown";
  const port = message.kind === "receive" ? payload.destPort : payload.sourcePort;
  const data = callback(message, { sourceClient, destClient, sequence, payload, relayer: config.router });
  const { answer } = await execution.consult(
    async (endpoint): Promise<Trial> => {
      const app = await appOf(endpoint, config.router, port, height, signal);
      if (app === undefined) return "unknown";
      if (BigInt(app) === 0n) return { error: "PortNotBound", detail: `PortNotBound(${port})` };
      const block = height === undefined ? "latest" : quantityHex(height);
      const call = { from: config.router, to: app, data, gas: GAS };
      const given = await endpoint.ask({ method: "eth_call", params: [call, block] }, signal);
      return given.ok ? "takes it" : (revertOf(given) ?? "unknown");
    },
    (trial) => trial !== "unknown",
  );
  return answer;
}

/** A node that has forgotten an old state is not to blame for it: undefined. */
async function appOf(
  endpoint: RpcEndpoint,
  address: Hex,
  port: string,
  height: bigint | undefined,
  signal: AbortSignal,
): Promise<Hex | undefined> {
  try {
    return await readContract(
      endpoint,
      { abi: routerAbi, address, functionName: "getApp", args: [port], height },
      signal,
    );
  } catch (error) {
    if (isCausewayError(error) && height !== undefined && error.code === "RPC_BAD_ANSWER") return undefined;
    throw error;
  }
}

interface CallbackContext {
  readonly sourceClient: string;
  readonly destClient: string;
  readonly sequence: bigint;
  readonly payload: ReturnType<typeof toAbiPacket>["payloads"][number];
  readonly relayer: Hex;
}

function callback(message: Message, context: CallbackContext): Hex {
  switch (message.kind) {
    case "receive":
      return encodeFunctionData({ abi: appAbi, functionName: "onRecvPacket", args: [context] });
    case "acknowledge": {
      const [acknowledgement = new Uint8Array()] = message.acknowledgements;
      return encodeFunctionData({
        abi: appAbi,
        functionName: "onAcknowledgementPacket",
        args: [context, toHex(acknowledgement)],
      });
    }
    case "timeout":
      return encodeFunctionData({ abi: appAbi, functionName: "onTimeoutPacket", args: [context] });
  }
}
