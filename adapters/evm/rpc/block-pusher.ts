// An execution node as one that pushes new blocks, where its websocket answers under the address of its JSON-RPC.
import type { Meter } from "../../rpc/meter.ts";
import type { Pusher } from "../../rpc/pushes.ts";
import { webSocketPusher } from "../../rpc/web-socket-pusher.ts";

const subscription = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] });

/** `url`: of its JSON-RPC, over HTTP. */
export const blockPusher = (url: string, meter?: Meter): Pusher =>
  webSocketPusher({ url: url.replace(/^http/, "ws"), subscription, meter });
