// Follows the demo's packets through the relayer's API, and shows them as they travel.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Api } from "#sdk/api/client.ts";
import type { PacketView } from "#sdk/api/views.ts";
import { track } from "#sdk/track.ts";
import { packetLife } from "./packet-life.ts";
import type { PacketLife } from "./packet-life.ts";
import type { Progress } from "./progress.ts";
import type { SentPacket } from "./sent-packet.ts";

export interface FollowedPacket {
  readonly sent: SentPacket;
  readonly view: PacketView | undefined;
  readonly life: PacketLife;
}

/** A packet that takes longer is given up. */
const PATIENCE_MS = 120_000;
/** Between two redraws: the seconds go on while nothing happens. */
const DRAW_MS = 200;

/** Until all are delivered and acknowledged. Throws CANCELLED when that takes too long. */
export async function followPackets(
  api: Api,
  sent: readonly SentPacket[],
  progress: Progress,
  signal: AbortSignal,
): Promise<FollowedPacket[]> {
  const views = new Map<string, PacketView>();
  const look = (one: SentPacket): FollowedPacket => {
    const view = views.get(one.id);
    return { sent: one, view, life: packetLife(view, one.sentAt, Date.now()) };
  };
  const follow = async (one: SentPacket, patience: AbortSignal): Promise<void> => {
    for await (const { packet } of track(api, { id: one.id, signal: patience })) {
      if (packet !== null) views.set(one.id, packet);
      progress.show(sent.map(look));
      if (look(one).life.finished) return;
    }
  };
  const late = AbortSignal.timeout(PATIENCE_MS);
  const drawing = setInterval(() => progress.show(sent.map(look)), DRAW_MS);
  try {
    const patience = AbortSignal.any([signal, late]);
    await Promise.all(sent.map((one) => follow(one, patience)));
  } catch (error) {
    signal.throwIfAborted();
    if (!late.aborted) throw error;
    throw new CausewayError("CANCELLED", `the packets did not arrive within ${PATIENCE_MS / 1000} s`, {
      hint: "run the demo again with --verbose to see why",
    });
  } finally {
    clearInterval(drawing);
  }
  progress.settle();
  return sent.map(look);
}
