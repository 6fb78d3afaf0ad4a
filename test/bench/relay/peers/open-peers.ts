// The relayers of others whose programs are given.
import { join } from "node:path";
import type { BenchRelayer } from "../relayer.ts";
import type { SimdField } from "../simd-field.ts";
import { prepareHermes } from "./hermes.ts";
import { makePeerAccount } from "./peer-account.ts";
import type { PreparePeer } from "./peer.ts";
import { prepareRly } from "./rly.ts";

export type PeerName = "hermes" | "rly";
/** Paths. */
export type PeerPrograms = Readonly<Record<PeerName, string | undefined>>;

const prepare: Readonly<Record<PeerName, PreparePeer>> = { hermes: prepareHermes, rly: prepareRly };

/** Each with a channel of its own between the field's chains. */
export async function openPeers(
  programs: PeerPrograms,
  { dir, field, progress }: { dir: string; field: SimdField; progress: (line: string) => void },
): Promise<BenchRelayer[]> {
  const opened: BenchRelayer[] = [];
  for (const name of ["hermes", "rly"] as const) {
    const program = programs[name];
    if (program === undefined) continue;
    progress(`${name} opens a channel`);
    const mnemonic = await makePeerAccount(field.nodes);
    opened.push(await prepare[name]({ program, dir: join(dir, name), field, mnemonic }));
  }
  return opened;
}
