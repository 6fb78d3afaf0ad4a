// Sending through the standard applications with the chain's own signer.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ChainApps, Sent } from "../chain-apps.ts";
import { approvalCall, messageCall, transferCall } from "./app-calls.ts";
import type { AppCall } from "./app-calls.ts";
import type { ChainContext } from "./context.ts";
import type { Hex } from "./rpc/hex.ts";
import { callContract } from "./rpc/read-contract.ts";
import { sentPacket } from "./sent-packet.ts";
import { sendCall } from "./submit/send-call.ts";
import type { Sender } from "./submit/sender.ts";

export function createApps(context: ChainContext, sender: () => Promise<Sender>): ChainApps {
  const { config, execution } = context;

  const appAddresses = () => {
    if (config.apps !== undefined) return config.apps;
    throw new CausewayError("INVALID_CONFIG", `${config.chainId} names no applications`, {
      hint: `set \`apps\` of ${config.chainId} to the addresses of the transfer and message applications`,
    });
  };

  const sendPacket = async (from: Sender, call: AppCall): Promise<Sent> =>
    sentPacket(config.router, from.address.toLowerCase() as Hex, await sendCall(context, from, call));

  return {
    async transfer(request) {
      const { transfer: app } = appAddresses();
      const call = transferCall(app, request);
      const from = await sender();
      const read = (asked: { readonly to: Hex; readonly data: Hex }): Promise<Hex> =>
        execution.use((endpoint) => callContract(endpoint, asked));
      const approval = await approvalCall(read, app, from.address, request);
      if (approval !== undefined) await sendCall(context, from, approval);
      return sendPacket(from, call);
    },
    async send(request) {
      const call = messageCall(appAddresses().messages, request);
      return sendPacket(await sender(), call);
    },
  };
}
