// Light clients of Ethereum's beacon chain, as BeaconLightClient takes and shows them.
import { encodeDeployData } from "viem/utils";
import { abi as routerAbi } from "../../../contracts/evm/bindings/PacketRouter.ts";
import { packBeaconMisbehaviour } from "../pack/beacon-misbehaviour.ts";
import { packBeaconUpdate } from "../pack/beacon-update.ts";
import { packStateProof } from "../pack/state-proof.ts";
import { unpackBeaconUpdate } from "../pack/unpack-beacon-update.ts";
import { toHex } from "../rpc/hex.ts";
import { readContract } from "../rpc/read-contract.ts";
import { isKnown, storedWord, wordHeight } from "../verify/consensus-state.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { beaconUpdate } from "../verify/evidence.ts";
import { parseExecutionHeader } from "../verify/execution-header.ts";
import { periodAtSlot } from "../verify/schedule.ts";
import { decodeTrustedState } from "../verify/trusted-state.ts";
import type { HostedKind, UnpackedUpdate } from "./hosted-kind.ts";

export const beacon: HostedKind = {
  clientType: "beacon",
  read(bytes) {
    const state = decodeTrustedState(bytes);
    if (state === undefined) return undefined;
    const { latestHeight: height, latestTimestamp: timestamp, trustingPeriod } = state;
    return { height, timestamp, expiresAt: timestamp + trustingPeriod, trustingPeriod };
  },
  isApplied,
  packUpdate: packBeaconUpdate,
  packStateProof: ({ rootProof, claims }) => packStateProof(rootProof, claims),
  packMisbehaviour: packBeaconMisbehaviour,
  async creationCode({ config, execution }, _, state) {
    // Loaded when needed: few processes ever create a light client.
    const { abi, bytecode } = await import("../../../contracts/evm/bindings/BeaconLightClient.ts");
    // Whoever decides about the router decides, with the same delays, which forks the light client learns of.
    const authority = await execution.use((endpoint) =>
      readContract(endpoint, { abi: routerAbi, address: config.router, functionName: "authority", args: [] }),
    );
    return encodeDeployData({ abi, bytecode, args: [toHex(state), authority] });
  },
  unpackUpdate,
};

function isApplied(trusted: Uint8Array, bytes: Uint8Array): boolean {
  const state = decodeTrustedState(trusted);
  const update = decodeExactly(beaconUpdate, bytes);
  const header = update === undefined ? undefined : parseExecutionHeader(update.executionHeader);
  if (state === undefined || update === undefined || header === undefined) return false;
  const held = storedWord(state, header.height);
  const isHeaderSettled = isKnown(state, header) || (held !== undefined && wordHeight(held) > header.height);
  if (!isHeaderSettled) return false;
  if (update.nextSyncCommittee.length === 0) return true;
  const period = periodAtSlot(state, update.attestedHeader.slot);
  if (periodAtSlot(state, update.finalizedHeader.slot) !== period) return true;
  return period < state.period || (period === state.period && BigInt(state.nextCommitteeRoot) !== 0n);
}

function unpackUpdate(packed: Uint8Array): UnpackedUpdate | undefined {
  const update = unpackBeaconUpdate(packed);
  const header = update === undefined ? undefined : parseExecutionHeader(update.executionHeader);
  if (update === undefined || header === undefined) return undefined;
  const { height, timestamp, stateRoot: root } = header;
  return { update: beaconUpdate.encode(update), height, timestamp, root };
}
