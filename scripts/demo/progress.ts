// Shows the demo's packets as they travel: a table that redraws itself on a terminal, a line per change elsewhere.
import type { Writable } from "node:stream";
import type { PacketLife } from "./packet-life.ts";
import type { SentPacket } from "./sent-packet.ts";

export interface Progress {
  /** Says that something was done, or is about to be. */
  say(line: string): void;
  show(lives: readonly { readonly sent: SentPacket; readonly life: PacketLife }[]): void;
  /** Leaves what was shown where it is. */
  settle(): void;
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;

/** e.g. "delivered ✓ → acknowledging: submitting". */
function phase(life: PacketLife): string {
  const parts = life.legs.map(({ leg, status, waiting }) => {
    const done = { receive: "delivered", acknowledge: "acknowledged", timeout: "timed out" }[leg];
    if (status === "delivered") return `${done} ✓`;
    return waiting === undefined ? `${leg}: ${status}` : `${leg}: ${status} (${waiting})`;
  });
  return parts.length === 0 ? "sent, waiting for finality" : parts.join(" → ");
}

const label = ({ from, to, kind, what }: SentPacket): string =>
  `${from.name} → ${to.name}  ${kind.padEnd(8)}  ${what.padEnd(20)}`;

/** Everything is written to `out`; redraws only when `out` is a terminal. */
export function createProgress(out: Writable & { readonly isTTY?: boolean; readonly columns?: number }): Progress {
  const redraws = out.isTTY === true;
  let drawn = 0;
  const last = new Map<string, string>();
  const clip = (line: string): string => (redraws ? line.slice(0, (out.columns || 100) - 1) : line);
  return {
    say(line) {
      drawn = 0;
      out.write(`${line}\n`);
    },
    show(lives) {
      if (redraws) {
        const lines = lives.map(({ sent, life }) =>
          clip(`  ${label(sent)} ${seconds(life.seconds).padStart(7)}  ${phase(life)}`),
        );
        // Up to the first line drawn before, clear to the end of the screen, and draw again.
        out.write(`${drawn > 0 ? `\u001b[${drawn}A\u001b[J` : ""}${lines.join("\n")}\n`);
        drawn = lines.length;
        return;
      }
      for (const { sent, life } of lives) {
        const now = phase(life);
        if (last.get(sent.id) === now) continue;
        last.set(sent.id, now);
        out.write(`  ${seconds(life.seconds).padStart(7)}  ${label(sent)} ${now}\n`);
      }
    },
    settle() {
      drawn = 0;
    },
  };
}
