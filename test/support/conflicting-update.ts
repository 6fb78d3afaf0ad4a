// Misbehaviour of a development chain's committee: a second finality update, signed as well, that contradicts the one the chain serves.
import { hexToBytes } from "@noble/hashes/utils.js";
import { createBeaconEndpoint } from "#adapters/evm/consensus/beacon-api.ts";
import { encodeUpdate } from "#adapters/evm/consensus/canonical-update.ts";
import { headerRoot } from "#adapters/evm/verify/merkle.ts";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { DevChain } from "#scripts/devnet/dev-chain.ts";
import { startHostileRpc } from "./hostile-rpc.ts";

/** Canonical, for a light client with this trusted state. The chain must not finalize anything else meanwhile. */
export async function conflictingUpdate(dev: DevChain, trusted: Uint8Array): Promise<Uint8Array> {
  const { update, executionHeader } = await dev.control.equivocate();
  const forging = await startHostileRpc(dev.beaconUrl);
  forging.lie(({ what, honest }) => (what.includes("finality_update") ? update : honest));
  const forged = await createBeaconEndpoint({ name: "forged", url: forging.url, timeoutSeconds: 5 }).finalityUpdate();
  await forging.close();
  const honest = createBeaconEndpoint({ name: "honest", url: dev.beaconUrl, timeoutSeconds: 5 });
  const { finalized_header: finalized } = await honest.finalityUpdate();
  const bootstrap = await honest.bootstrap(headerRoot(finalized.beacon));
  const state = decodeTrustedState(trusted);
  if (bootstrap === undefined || state === undefined) throw new Error("no committee to forge with");
  return encodeUpdate({
    state,
    update: forged,
    committee: bootstrap.current_sync_committee,
    executionHeader: hexToBytes(executionHeader.slice(2)),
  });
}
