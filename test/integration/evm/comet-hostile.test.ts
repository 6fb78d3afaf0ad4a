// What must not move on an EVM chain by way of a light client of an ibc-go chain: evidence of another store, path, lane or chain, and a chain whose
// validators lie.
import { createPublicClient, http } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "#adapters/message.ts";
import type { SubmitResult } from "#adapters/target-chain.ts";
import { acknowledgementCommitment, packetCommitment } from "#adapters/protocol/commitment.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { acknowledgementPath, commitmentPath, receiptPath } from "#adapters/protocol/path.ts";
import { abi as transferAbi } from "../../../contracts/evm/bindings/TransferApp.ts";
import { makeMembers } from "#test/support/comet-evidence.ts";
import { makeIavlStore, encodeProof } from "#test/support/cosmos-store.ts";
import { COSMOS_ACCOUNT, COSMOS_TERMS, startCometHost } from "#test/support/evm-comet-host.ts";
import type { CometHost, CometLane } from "#test/support/evm-comet-host.ts";

let host: CometHost;
let lane: CometLane;
beforeAll(async () => {
  host = await startCometHost(31_512);
  lane = await host.openLane();
});
afterAll(() => host?.close());

const SUCCESS = new TextEncoder().encode('{"result":"AQ=="}');
const reader = () => createPublicClient({ transport: http(host.dev.rpcUrl) });
const nonce = () => reader().getTransactionCount({ address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266" });

let before: number;
beforeEach(async () => {
  before = await nonce();
});

/** Nothing is paid for: the contracts' answer is heard beforehand. */
async function refused(work: Promise<SubmitResult>): Promise<string> {
  const why = await work.then(
    ({ deliveries: [only] }) => (only?.status === "refused" ? only.reason : only?.status),
    (error: unknown) => (isCausewayError(error) ? String(error.context["error"] ?? error.code) : String(error)),
  );
  expect(await nonce()).toBe(before);
  return why ?? "nothing";
}

const receive = (): Message => ({ kind: "receive", packet: lane.send({}) });

async function proven(message: Message, change: (value: Envelope) => Partial<Envelope>): Promise<string> {
  await lane.commit();
  const value = envelope.decode(await lane.prove([message]));
  return refused(lane.submit([message], envelope.encode({ ...value, ...change(value) })));
}

describe("evidence", () => {
  test("of another store of the same chain", async () => {
    const { packet } = receive();
    const store = makeIavlStore([{ key: commitmentPath(packet), value: packetCommitment(packet) }]);
    const forged = ({ claims }: Envelope): Partial<Envelope> => ({
      claims: claims.map((claim) => ({ ...claim, proof: encodeProof(store.prove(claim.path)) })),
    });
    expect(await proven({ kind: "receive", packet }, forged)).toMatch(/InvalidStorageProof/);
  });

  test("of another path", async () => {
    const [one, other] = [receive(), receive()];
    await lane.commit();
    const value = envelope.decode(await lane.prove([one, other]));
    const [first, second] = value.claims;
    if (first === undefined || second === undefined) throw new Error("no claims");
    const swapped = envelope.encode({ ...value, claims: [{ ...first, proof: second.proof }] });
    expect(await refused(lane.submit([one], swapped))).toMatch(/InvalidStorageProof/);
  });

  test("of a packet that was sent otherwise", async () => {
    const message = receive();
    const altered = {
      ...message,
      packet: { ...message.packet, timeoutTimestamp: message.packet.timeoutTimestamp - 1n },
    };
    await lane.commit();
    const bytes = await lane.prove([message]);
    expect(await refused(lane.submit([altered], bytes))).toMatch(/ValueMismatch/);
  });

  test("that a packet was received, for one that was not", async () => {
    const { now } = await lane.trusted();
    const request = { sourceClient: lane.clientId, denom: host.token, amount: 1n, receiver: COSMOS_ACCOUNT, memo: "" };
    const { packet } = await host.chain.apps.transfer({ ...request, timeoutTimestamp: now + 60n });
    before = await nonce();
    const other = receive();
    lane.comet.put(acknowledgementPath(other.packet), acknowledgementCommitment([SUCCESS]));
    await lane.commit();
    const value = envelope.decode(await lane.prove([other]));
    const acknowledge: Message = { kind: "acknowledge", packet, acknowledgements: [SUCCESS] };
    expect(await refused(lane.submit([acknowledge], envelope.encode(value)))).toMatch(/InvalidStorageProof/);
  });

  test("that a packet was not received, for one that was", async () => {
    const { now } = await lane.trusted();
    const request = { sourceClient: lane.clientId, denom: host.token, amount: 1n, receiver: COSMOS_ACCOUNT, memo: "" };
    const { packet } = await host.chain.apps.transfer({ ...request, timeoutTimestamp: now + 30n });
    before = await nonce();
    lane.comet.put(receiptPath(packet), Uint8Array.of(2));
    await host.dev.control.advanceTime(31);
    await lane.commit();
    const present = lane.comet.prove({
      targetChain: host.chain.chainId,
      trusted: await lane.trusted(),
      claims: [{ kind: "absence", path: receiptPath(packet) }],
    });
    expect(await refused(lane.submit([{ kind: "timeout", packet }], present))).toMatch(/ValuePresent/);
  });

  test("of a block that nobody signed", async () => {
    const trusted = await lane.trusted();
    const message = receive();
    const height = await lane.commit();
    const value = envelope.decode(await lane.prove([message]));
    const unsigned = lane.comet.update(height, trusted.height, { members: makeMembers("nobody", [1n]) });
    const bytes = envelope.encode({ ...value, updates: [unsigned] });
    expect(await refused(lane.submit([message], bytes))).toBe("InsufficientTrust");
  });

  test("for another light client here", async () => {
    const message = receive();
    await lane.commit();
    const bytes = await lane.prove([message]);
    const other = await host.openLane();
    before = await nonce();
    expect(await refused(other.submit([message], bytes))).toBe("INVALID_ARGUMENT");
  });
});

test("a counterparty that was registered with another prefix is never believed, and no message is to blame", async () => {
  for (const merklePrefix of [[new Uint8Array()], [new TextEncoder().encode("ibc2"), new Uint8Array()]]) {
    const wrong = await host.openLane({ terms: { ...COSMOS_TERMS, merklePrefix } });
    before = await nonce();
    const messages = [1n, 2n].map((amount): Message => ({ kind: "receive", packet: wrong.send({ amount }) }));
    expect(await refused(wrong.relay(messages))).toBe("InvalidStoreProof");
  }
});

// Catalogue row 15: whoever can create a chain can write anything into its store.
describe("a chain of one validator, who lies", () => {
  const escrowed = (clientId: string) =>
    reader().readContract({
      address: host.core.transferApp,
      abi: transferAbi,
      functionName: "escrowed",
      args: [clientId, host.token],
    });

  test("mints its own tokens only, and releases nothing that was sent elsewhere", async () => {
    const { now } = await lane.trusted();
    const request = {
      sourceClient: lane.clientId,
      denom: host.token,
      amount: 500n,
      receiver: COSMOS_ACCOUNT,
      memo: "",
    };
    await host.chain.apps.transfer({ ...request, timeoutTimestamp: now + 60n });
    const held = await escrowed(lane.clientId);
    const liar = await host.openLane({ members: makeMembers("liar", [1n]) });
    // As if the token had come from here, over this light client, over the other one; and as if it were the other chain's.
    const native = liar.send({ denom: "stake", amount: 9n });
    const messages = [
      `transfer/08-wasm-0/${host.token.toLowerCase()}`,
      `transfer/08-wasm-0/transfer/${lane.clientId}/stake`,
    ].map((denom): Message => ({ kind: "receive", packet: liar.send({ denom, amount: 500n }) }));
    const result = await liar.relay([...messages, { kind: "receive", packet: native }]);
    // Received, and refused by the application: the sender is refunded on its own chain.
    expect(result.deliveries.map(({ status }) => status)).toEqual(["delivered", "delivered", "delivered"]);
    expect(await escrowed(lane.clientId)).toBe(held);
    expect(await escrowed(liar.clientId)).toBe(0n);
    const voucher = (clientId: string) =>
      reader().readContract({
        address: host.core.transferApp,
        abi: transferAbi,
        functionName: "voucherOf",
        args: [clientId, "stake"],
      });
    expect(await voucher(liar.clientId)).not.toBe(await voucher(lane.clientId));
    const errors = messages.map(({ packet }) => host.stored(acknowledgementPath(packet)));
    expect(new Set(await Promise.all(errors))).toHaveLength(1);
    expect(await host.stored(acknowledgementPath(native))).not.toBe((await Promise.all(errors))[0]);
  });
});
