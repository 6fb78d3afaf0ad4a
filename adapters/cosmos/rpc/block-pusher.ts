// A CometBFT node as one that pushes new blocks.
import type { Meter } from "../../rpc/meter.ts";
import type { Pusher } from "../../rpc/pushes.ts";
import { webSocketPusher } from "../../rpc/web-socket-pusher.ts";

const subscription = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "subscribe",
  params: { query: "tm.event='NewBlockHeader'" },
});

/** `url`: of its JSON-RPC, over HTTP. */
export const blockPusher = (url: string, meter?: Meter): Pusher =>
  webSocketPusher({ url: `${url.replace(/^http/, "ws").replace(/\/$/, "")}/websocket`, subscription, meter });
