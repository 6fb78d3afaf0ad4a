// A small ibc-go chain in memory: a packet store, blocks that its validators sign, and the evidence that a relayer would bring of it.
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { caip2Of } from "#adapters/cosmos/verify/chain-id.ts";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { fromSeconds } from "#adapters/cosmos/verify/time.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import type { Claim } from "#adapters/protocol/claim.ts";
import { envelope, ENVELOPE_VERSION } from "#adapters/protocol/envelope.ts";
import type { NewClient, TrustedClient } from "#adapters/trusted-client.ts";
import { CHAIN_ID, makeHeader, makeMembers, makeState, makeUpdate, consensusStateOf } from "./comet-evidence.ts";
import type { BlockOptions, Member, UpdateOptions } from "./comet-evidence.ts";
import { encodeProof, makeCosmosState } from "./cosmos-store.ts";
import type { CosmosState } from "./cosmos-store.ts";

export interface DevCometOptions {
  readonly chainId?: string;
  readonly members?: readonly Member[];
}

export interface CometProveRequest {
  readonly targetChain: string;
  readonly trusted: TrustedClient;
  readonly claims: readonly Claim[];
  /** Heights that updates lead to, one after the other; the newest alone when absent, none when it is trusted. */
  readonly via?: readonly bigint[];
  /** Of the claims' proofs; the last of `via` when absent. */
  readonly height?: bigint;
}

export interface DevComet {
  /** CAIP-2. */
  readonly chainId: string;
  /** What the next block's application state has at the path. */
  put(path: Uint8Array, value: Uint8Array): void;
  /** A block not before this Unix second; returns its height. */
  commit(seconds: bigint, successors?: readonly Member[]): bigint;
  /** Heights without blocks of interest. */
  idle(heights: bigint): void;
  /** Seconds. */
  newClient(trustingPeriod: bigint): NewClient;
  /** Canonical, as that block's validators signed it, or would sign what is changed about it. */
  update(height: bigint, trustedHeight: bigint, changes?: Partial<UpdateOptions>): Uint8Array;
  prove(request: CometProveRequest): Uint8Array;
}

interface Block extends BlockOptions {
  readonly nextMembers: readonly Member[];
  readonly application: CosmosState;
}

export function openDevComet({
  chainId = CHAIN_ID,
  members = makeMembers("dev", [40n, 30n, 20n, 10n]),
}: DevCometOptions = {}): DevComet {
  const entries = new Map<string, Uint8Array>([[bytesToHex(utf8ToBytes("nextSequenceSend")), Uint8Array.of(1)]]);
  const blocks = new Map<bigint, Block>();
  let [height, time, validators] = [1_000n, 0n, members];
  const blockAt = (at: bigint): Block => {
    const block = blocks.get(at);
    if (block === undefined) throw new RangeError(`no block ${at}`);
    return block;
  };

  const update: DevComet["update"] = (at, trustedHeight, changes = {}) => {
    const block = blockAt(at);
    const made = makeUpdate({
      ...block,
      trustedHeight,
      trustedMembers: blockAt(trustedHeight).nextMembers,
      ...changes,
      header: { ...block.header, ...changes.header },
    });
    return cometUpdate.encode(made);
  };

  return {
    chainId: caip2Of(chainId),
    put(path, value) {
      entries.set(bytesToHex(path), value);
    },
    commit(seconds, successors = validators) {
      height += 1n;
      const now = seconds * 1_000_000_000n;
      time = now > time ? now : time + 1_000_000n;
      const application = makeCosmosState([...entries].map(([key, value]) => ({ key: hexToBytes(key), value })));
      const header = {
        chainId: utf8ToBytes(chainId),
        time: { seconds: time / 1_000_000_000n, nanos: time % 1_000_000_000n },
      };
      const { appHash } = application;
      blocks.set(height, { height, members: validators, nextMembers: successors, appHash, header, application });
      validators = successors;
      return height;
    },
    idle(heights) {
      height += heights;
    },
    newClient(trustingPeriod) {
      const period = fromSeconds(trustingPeriod);
      const state = {
        ...makeState([]),
        chainId,
        trustingPeriod: period,
        unbondingPeriod: period * 2n,
        consensusStates: [consensusStateOf(makeHeader(blockAt(height)))],
      };
      return { clientType: "cometbft", state: encodeTrustedState(state) };
    },
    update,
    prove({ targetChain, trusted, claims, via = trusted.height === height ? [] : [height], ...asked }) {
      const heights = [trusted.height, ...via];
      const at = asked.height ?? heights.at(-1) ?? height;
      const { store, rootProof } = blockAt(at).application;
      return envelope.encode({
        version: ENVELOPE_VERSION,
        sourceChain: caip2Of(chainId),
        targetChain,
        clientId: trusted.clientId,
        updates: via.map((to, index) => update(to, heights[index] ?? 0n)),
        height: at,
        rootProof: claims.length === 0 ? new Uint8Array() : encodeProof(rootProof),
        claims: claims.map((claim) => ({
          membership: claim.kind === "membership" ? 1n : 0n,
          path: claim.path,
          value: claim.kind === "membership" ? claim.value : new Uint8Array(),
          proof: encodeProof(store.prove(claim.path)),
        })),
      });
    },
  };
}
