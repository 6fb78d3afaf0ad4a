// Tells when an execution node takes a transaction into its pool, so that nobody has to ask all the time.
import { CausewayError } from "#adapters/protocol/error.ts";

/** Calls `arrived` for every transaction, until the returned function is called. Throws RPC_UNREACHABLE. */
export async function onPendingTransaction(rpcUrl: string, arrived: () => void): Promise<() => void> {
  const socket = new WebSocket(rpcUrl.replace(/^http/, "ws"));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("error", () => {
      reject(new CausewayError("RPC_UNREACHABLE", "no subscription to pending transactions", { context: { rpcUrl } }));
    });
    socket.addEventListener("open", () => {
      socket.send(
        JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newPendingTransactions"] }),
      );
    });
    // The first message confirms the subscription.
    socket.addEventListener("message", () => resolve(), { once: true });
  });
  socket.addEventListener("message", arrived);
  return () => socket.close();
}
