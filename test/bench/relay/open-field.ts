// The chains of a run, and the relayers of others that can work between them.
import { openEvmField } from "./evm-field.ts";
import type { Field, FieldOptions } from "./field.ts";
import type { PairName } from "./measurements.ts";
import { openMixedField } from "./mixed-field.ts";
import { openPeers } from "./peers/open-peers.ts";
import type { PeerPrograms } from "./peers/open-peers.ts";
import type { BenchRelayer } from "./relayer.ts";
import { openSimdField } from "./simd-field.ts";

export interface OpenedField {
  readonly field: Field;
  readonly peers: readonly BenchRelayer[];
}

export async function openField(pair: PairName, programs: PeerPrograms, options: FieldOptions): Promise<OpenedField> {
  if (pair === "evm") return { field: await openEvmField(options), peers: [] };
  if (pair === "mixed") return { field: await openMixedField(options), peers: [] };
  const field = await openSimdField(options);
  return { field, peers: await openPeers(programs, { ...options, field }) };
}
