// An attacker's own CometBFT chain of one validator beside an honest one, each behind a light client of its own on the real
// contracts. It signs what it likes, so whatever it says of itself is proven; nothing of the other chain's comes of that.
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import {
  decodeErrorResult,
  decodeEventLog,
  decodeFunctionResult,
  encodeDeployData,
  encodeFunctionData,
  toEventSelector,
} from "viem/utils";
import type { Abi, Hex } from "viem";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { cometMisbehaviour, cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import type { CometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { packCometProof } from "#adapters/evm/pack/comet-proof.ts";
import { packCometMisbehaviour, packCometUpdate } from "#adapters/evm/pack/comet-update.ts";
import { acknowledgeClaim, receiveClaim, timeoutClaim } from "#adapters/protocol/claim.ts";
import type { Claim } from "#adapters/protocol/claim.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { ABI_ENCODING, TRANSFER_PORT, TRANSFER_VERSION, encodeTransferData } from "#adapters/protocol/transfer-data.ts";
import { configurationCalls } from "#scripts/deploy/configure.ts";
import { heldBy } from "#scripts/deploy/roles.ts";
import { toHex } from "#scripts/vectors/vector.ts";
import { CHAIN_ID, GENESIS_SECONDS, makeMembers, makeState, makeUpdate } from "#test/support/comet-evidence.ts";
import type { Member } from "#test/support/comet-evidence.ts";
import { encodeProof, makeCosmosState } from "#test/support/cosmos-store.ts";
import type { CosmosState } from "#test/support/cosmos-store.ts";
import { openInProcessEvm } from "#test/support/in-process-evm.ts";
import { createContract } from "#test/support/solidity-light-client.ts";
import * as managerCode from "../../../contracts/evm/bindings/AccessManager.ts";
import * as clientCode from "../../../contracts/evm/bindings/CometLightClient.ts";
import * as tokenCode from "../../../contracts/evm/bindings/DemoToken.ts";
import { bytecode as verifierCode } from "../../../contracts/evm/bindings/Ed25519Verifier.ts";
import * as messageCode from "../../../contracts/evm/bindings/MessageApp.ts";
import * as routerCode from "../../../contracts/evm/bindings/PacketRouter.ts";
import * as transferCode from "../../../contracts/evm/bindings/TransferApp.ts";

const [HONEST, HOSTILE] = ["cometbft-0", "cometbft-1"];
/** What either chain calls its light client of this one: the attacker's name for it is the honest chain's. */
const THERE = "07-tendermint-0";
const RECEIVER = "cosmos1receiver";
const SUCCESS = utf8ToBytes('{"result":"AQ=="}');
const ATTACKER = `0x${"ad".repeat(20)}` as const;
const now = GENESIS_SECONDS + 700n;
const timeout = now + 3_600n;

/** What both light clients begin with, and each block builds on: one that is refused is not held. */
const TRUSTED = 100n;

/** A block and the state it commits to. */
interface Said {
  readonly height: bigint;
  readonly state: CosmosState;
  readonly update: CometUpdate;
}

/** Validators that sign, block after block, whatever their chain is to have said. */
function signingChain(chainId: string, members: readonly Member[]) {
  const header = { chainId: utf8ToBytes(chainId) };
  const entries: { key: Uint8Array; value: Uint8Array }[] = [{ key: Uint8Array.of(1), value: Uint8Array.of(1) }];
  let height = TRUSTED;
  const blockAt = (at: bigint, state: CosmosState, time?: { seconds: bigint; nanos: bigint }): CometUpdate =>
    makeUpdate({
      height: at,
      trustedHeight: TRUSTED,
      members,
      appHash: state.appHash,
      header: { ...header, ...(time && { time }) },
      isSkipping: true,
    });
  return {
    trusted: toHex(encodeTrustedState({ ...makeState([{ height: TRUSTED, members, header }]), chainId })),
    says(claims: readonly Claim[], time?: { seconds: bigint; nanos: bigint }): Said {
      for (const claim of claims)
        if (claim.kind === "membership") entries.push({ key: claim.path, value: claim.value });
      const state = makeCosmosState(entries);
      const update = blockAt(height + 2n, state, time);
      height += 2n;
      return { height, state, update };
    },
    /** Two blocks of one height. */
    contradiction: (): Uint8Array => {
      const [one, other] = [0, 1].map((byte) =>
        makeCosmosState([...entries, { key: Uint8Array.of(2, byte), value: Uint8Array.of(1) }]),
      ) as [CosmosState, CosmosState];
      const at = height + 5n;
      return cometMisbehaviour.encode({ header1: blockAt(at, one), header2: blockAt(at, other) });
    },
  };
}

/** From the counterparty to us, or the other way. */
const packet = (
  sequence: bigint,
  from: string,
  to: string,
  transfer: { denom: string; amount: bigint; sender?: string; receiver?: string },
): Packet => ({
  sequence,
  sourceClient: from,
  destinationClient: to,
  timeoutTimestamp: timeout,
  payloads: [
    {
      sourcePort: TRANSFER_PORT,
      destinationPort: TRANSFER_PORT,
      version: TRANSFER_VERSION,
      encoding: ABI_ENCODING,
      value: encodeTransferData({ sender: "cosmos1attacker", receiver: ATTACKER, memo: "", ...transfer }),
    },
  ],
});

const solidityPacket = (value: Packet) => ({
  sequence: value.sequence,
  sourceClient: value.sourceClient,
  destClient: value.destinationClient,
  timeoutTimestamp: value.timeoutTimestamp,
  payloads: value.payloads.map(({ destinationPort, value: bytes, ...payload }) => ({
    ...payload,
    destPort: destinationPort,
    value: toHex(bytes),
  })),
});

interface Messages {
  readonly recvs?: readonly Packet[];
  readonly acks?: readonly Packet[];
  readonly timeouts?: readonly Packet[];
}

/** The contracts with both light clients, and 500 of a token sent to the honest chain. */
async function openWorld() {
  const chain = await openInProcessEvm();
  const me = chain.caller;
  const create = (code: Hex): Promise<Hex> => createContract(chain, code, now);
  const manager = await create(encodeDeployData({ ...managerCode, args: [me] }));
  const router = await create(encodeDeployData({ ...routerCode, args: [manager] }));
  const transferApp = await create(encodeDeployData({ ...transferCode, args: [router, manager] }));
  const messageApp = await create(encodeDeployData({ ...messageCode, args: [router] }));
  const token = await create(encodeDeployData({ ...tokenCode, args: ["Demo", "DEMO", 1_000n] }));
  const verifier = await create(verifierCode);

  async function send(abi: Abi, to: Hex, functionName: string, args: readonly unknown[], at = now) {
    const done = await chain.call(to, encodeFunctionData({ abi, functionName, args }), at);
    if (!done.exceptionError) return done;
    const known = [...routerCode.abi, ...clientCode.abi, ...transferCode.abi] as Abi;
    throw new Error(decodeErrorResult({ abi: known, data: toHex(done.returnValue) }).errorName);
  }
  async function read<T>(abi: Abi, to: Hex, functionName: string, args: readonly unknown[] = []): Promise<T> {
    const { returnValue } = await send(abi, to, functionName, args);
    return decodeFunctionResult({ abi, functionName, data: toHex(returnValue) }) as T;
  }

  const calls = configurationCalls({ router, transferApp, messageApp, deployer: me, holders: heldBy(me), delay: 0 });
  await send(managerCode.abi, manager, "multicall", [calls]);
  const honest = signingChain(CHAIN_ID, makeMembers("honest", [40n, 30n, 30n]));
  const hostile = signingChain("attacker-1", makeMembers("attacker", [1n]));
  const lightClients: Hex[] = [];
  for (const [id, { trusted }] of [
    [HONEST, honest],
    [HOSTILE, hostile],
  ] as const) {
    const client = await create(encodeDeployData({ ...clientCode, args: [trusted, verifier] }));
    lightClients.push(client);
    await send(routerCode.abi, router, "createClient", [client]);
    await send(routerCode.abi, router, "registerCounterparty", [id, THERE, [toHex(utf8ToBytes("ibc")), "0x"], 1]);
  }
  await send(tokenCode.abi, token, "approve", [transferApp, 2n ** 256n - 1n]);

  const world = {
    me,
    honest,
    hostile,
    token,
    /** The sequence is the next one over this light client. */
    transfer: (clientId: string, what: Hex, amount: bigint) =>
      send(transferCode.abi, transferApp, "sendTransfer", [clientId, what, amount, RECEIVER, timeout, ""]),
    /** Messages with what the chain said; answers why an application did not carry one out. Throws why it was not proven. */
    relay: async (
      clientId: string,
      { height, state, update }: Said,
      claims: readonly Claim[],
      messages: Messages,
      at = now,
    ) => {
      const proofs = claims.map(({ path }) => encodeProof(state.store.prove(path)));
      const batch = {
        clientId,
        updates: [toHex(packCometUpdate(cometUpdate.encode(update)))],
        proof: toHex(packCometProof(height, encodeProof(state.rootProof), proofs)),
        recvs: (messages.recvs ?? []).map(solidityPacket),
        acks: (messages.acks ?? []).map((each) => ({
          packet: solidityPacket(each),
          acknowledgements: [toHex(SUCCESS)],
        })),
        timeouts: (messages.timeouts ?? []).map(solidityPacket),
      };
      const { logs = [] } = await send(routerCode.abi, router, "relay", [batch], at);
      const refusals = logs.flatMap(([, topics, data]) => {
        const [topic = "0x", ...rest] = topics.map(toHex);
        const names = ["PacketRefused", "CallbackFailed"] as const;
        const name = names.find((one) => toEventSelector(`${one}(string,uint256,bytes)`) === topic);
        if (name === undefined) return [];
        const { args } = decodeEventLog({
          abi: routerCode.abi,
          eventName: name,
          topics: [topic, ...rest],
          data: toHex(data),
        });
        return [decodeErrorResult({ abi: transferCode.abi, data: args.reason }).errorName];
      });
      return refusals[0];
    },
    freeze: (index: 0 | 1, evidence: Uint8Array) =>
      send(clientCode.abi, lightClients[index] as Hex, "reportMisbehaviour", [toHex(packCometMisbehaviour(evidence))]),
    status: (index: 0 | 1) => read<number>(clientCode.abi, lightClients[index] as Hex, "status"),
    escrowed: (clientId: string) => read<bigint>(transferCode.abi, transferApp, "escrowed", [clientId, token]),
    balance: (what: Hex, of: Hex) => read<bigint>(tokenCode.abi, what, "balanceOf", [of]),
    voucher: (clientId: string, denom: string) =>
      read<Hex>(transferCode.abi, transferApp, "voucherOf", [clientId, denom]),
    supply: async (what: Hex): Promise<bigint> =>
      (await read<boolean>(transferCode.abi, transferApp, "isVoucher", [what]))
        ? read<bigint>(tokenCode.abi, what, "totalSupply")
        : 0n,
    /** Everything the honest chain has here is as it was. */
    expectUntouched: async (): Promise<void> => {
      expect(await world.escrowed(HONEST)).toBe(500n);
      expect(await world.escrowed(HOSTILE)).toBe(0n);
      expect(await world.balance(token, transferApp)).toBe(500n);
      expect(await world.balance(token, me)).toBe(500n);
      expect(await world.balance(token, ATTACKER)).toBe(0n);
      expect(await world.supply(await world.voucher(HONEST, "uatom"))).toBe(70n);
      expect(await world.status(0)).toBe(0);
    },
  };
  await world.transfer(HONEST, token, 500n);
  // 70 of the honest chain's own token arrive.
  const arriving = packet(1n, THERE, HONEST, { denom: "uatom", amount: 70n, receiver: me });
  const claim = receiveClaim(arriving);
  expect(await world.relay(HONEST, honest.says([claim]), [claim], { recvs: [arriving] })).toBeUndefined();
  await world.expectUntouched();
  return world;
}

const world = await openWorld();
const { honest, hostile, token, relay, voucher, supply, balance, expectUntouched } = world;
let sequence = 0n;

/** What the hostile chain sends, proven as it should be; answers what the application had against it. */
async function claims(denom: string, amount: bigint): Promise<string | undefined> {
  sequence += 1n;
  const sent = packet(sequence, THERE, HOSTILE, { denom, amount });
  const claim = receiveClaim(sent);
  return relay(HOSTILE, hostile.says([claim]), [claim], { recvs: [sent] });
}

test("19, Secret, 2026: a chain of one validator mints the other chain's token under its own name only", async () => {
  expect(await claims("uatom", 1_000_000n)).toBeUndefined();
  const [own, others] = [await voucher(HOSTILE, "uatom"), await voucher(HONEST, "uatom")];
  expect(own).not.toBe(others);
  expect([await supply(own), await supply(others)]).toEqual([1_000_000n, 70n]);
  expect(await balance(own, ATTACKER)).toBe(1_000_000n);
  // Named as the other light client's, it is still one of this one's.
  const named = `transfer/${HONEST}/uatom`;
  expect(await claims(named, 5n)).toBeUndefined();
  expect(await supply(await voucher(HOSTILE, named))).toBe(5n);
  await expectUntouched();
});

test("19: and releases nothing that was sent to the other chain", async () => {
  const held = `transfer/${THERE}/${token.toLowerCase()}`;
  expect(await claims(held, 1n)).toBe("EscrowTooLow");
  expect(await claims(held, 500n)).toBe("EscrowTooLow");
  // Nor the honest chain's vouchers, as if they had been sent there.
  expect(await claims(`transfer/${THERE}/transfer/${HONEST}/uatom`, 70n)).toBe("EscrowTooLow");
  expect(await claims(`transfer/${THERE}/uatom`, 70n)).toBe("UnknownDenom");
  await expectUntouched();
});

test("19: what it says of a packet to the other light client, or of one from it, is not asked", async () => {
  const toOther = packet(90n, THERE, HONEST, { denom: "uatom", amount: 7n });
  const claim = receiveClaim(toOther);
  const said = hostile.says([claim]);
  await expect(relay(HOSTILE, said, [claim], { recvs: [toOther] })).rejects.toThrow("PacketForAnotherClient");
  // Its block is nothing to the honest chain's light client.
  await expect(relay(HONEST, said, [claim], { recvs: [toOther] })).rejects.toThrow("WrongChain");
  // The 500 that went to the honest chain: neither acknowledged nor timed out by the hostile one.
  const transfer = { denom: token.toLowerCase(), amount: 500n, receiver: RECEIVER };
  const away = packet(1n, HONEST, THERE, { ...transfer, sender: world.me });
  const ack = acknowledgeClaim(away, [SUCCESS]);
  await expect(relay(HOSTILE, hostile.says([ack]), [ack], { acks: [away] })).rejects.toThrow("PacketForAnotherClient");
  const renamed = { ...away, sourceClient: HOSTILE };
  const late = { seconds: timeout + 1n, nanos: 0n };
  const gone = hostile.says([], late);
  await expect(relay(HOSTILE, gone, [timeoutClaim(away)], { timeouts: [away] }, timeout + 5n)).rejects.toThrow(
    "PacketForAnotherClient",
  );
  // Over its own light client it times out what was sent there, and that as it was sent.
  await world.transfer(HOSTILE, token, 1n);
  const timesOut = (each: Packet, nanos: bigint) =>
    relay(HOSTILE, hostile.says([], { ...late, nanos }), [timeoutClaim(each)], { timeouts: [each] }, timeout + 5n);
  await expect(timesOut(renamed, 1n)).rejects.toThrow("PacketDiffersFromCommitment");
  const payloads = away.payloads.map((payload) => ({
    ...payload,
    value: encodeTransferData({ ...transfer, amount: 1n, sender: world.me, memo: "" }),
  }));
  expect(await timesOut({ ...renamed, payloads }, 2n)).toBeUndefined();
  await expectUntouched();
});

test("19: it can freeze its own light client and no other", async () => {
  const evidence = hostile.contradiction();
  await expect(world.freeze(0, evidence)).rejects.toThrow("WrongChain");
  await world.freeze(1, evidence);
  expect([await world.status(0), await world.status(1)]).toEqual([0, 1]);
  await expect(claims("uatom", 1n)).rejects.toThrow("ClientFrozen");
  // The honest chain goes on: what was sent there comes back.
  const back = packet(2n, THERE, HONEST, { denom: `transfer/${THERE}/${token.toLowerCase()}`, amount: 200n });
  const claim = receiveClaim(back);
  expect(await relay(HONEST, honest.says([claim]), [claim], { recvs: [back] })).toBeUndefined();
  expect(await balance(token, ATTACKER)).toBe(200n);
  expect(await world.escrowed(HONEST)).toBe(300n);
});
