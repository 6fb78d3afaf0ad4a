// A beacon node as one that pushes new finality (beacon-APIs apis/eventstream).
import { eventStreamPusher } from "../../rpc/event-stream-pusher.ts";
import type { Meter } from "../../rpc/meter.ts";
import type { Pusher } from "../../rpc/pushes.ts";

/** The second one is what can be fetched, some slots after the first. */
const TOPICS = ["finalized_checkpoint", "light_client_finality_update"];

/** `url`: of its beacon API. */
export const finalityPusher = (url: string, meter?: Meter): Pusher =>
  eventStreamPusher({
    url: `${url.replace(/\/+$/, "")}/eth/v1/events?${TOPICS.map((topic) => `topics=${topic}`).join("&")}`,
    events: TOPICS,
    meter,
  });
