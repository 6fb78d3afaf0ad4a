// The 08-wasm contract's messages: what ibc-go sends, and what nobody should.
import { base64 } from "@scure/base";
import { beforeEach, describe, expect, test } from "vitest";
import { beaconMisbehaviour, beaconUpdate, rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import type { BeaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { decodeTrustedState, encodeFork, encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import { fuluRow, makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import { makeHistory } from "#test/support/history-evidence.ts";
import { makeStateFixture } from "#test/support/state-evidence.ts";
import {
  answered,
  checksum,
  clientMessage,
  deployWasmBeacon,
  heightJson,
  instantiateMessage,
  storedClientState,
  storedTimestamp,
} from "#test/support/wasm-beacon.ts";
import type { WasmBeacon } from "#test/support/wasm-beacon.ts";

const router = "0x00000000000000000000000000000000000c0ffe";
const commitmentsSlot = "0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600";
const held = { path: Uint8Array.of(0x61, 1), value: new Uint8Array(32).fill(0xa1) };
const absent = Uint8Array.of(0x61, 9);
const store = await makeStateFixture({ router, commitmentsSlot, commitments: [held], otherAccounts: 20 });
const heldProof = storageProof.encode(await store.storageProof(held.path));
const absentProof = storageProof.encode(await store.storageProof(absent));

const options = { committeeSize: 32, slotsPerEpoch: 8n, epochsPerPeriod: 64n, startSlot: 520n };
const chain = makeBeaconFixture({ ...options, router, commitmentsSlot, stateRoot: store.stateRoot });
const trusted = encodeTrustedState(chain.trusted);
const { startBlock } = chain;
const start = chain.timeOf(520n);

const updateOf = (finalizedSlot: bigint, more: Partial<Parameters<typeof chain.makeUpdate>[0]> = {}): BeaconUpdate =>
  chain.makeUpdate({ signatureSlot: finalizedSlot + 16n, finalizedSlot, ...more });
const message = (update: BeaconUpdate): Uint8Array => clientMessage("update", beaconUpdate.encode(update));

const rootProofAt = (block: typeof startBlock): Uint8Array =>
  clientMessage(
    "rootProof",
    rootProof.encode({
      height: block.number,
      timestamp: block.timestamp,
      stateRoot: block.stateRoot,
      accountProof: store.accountProof,
      ancestry: [],
    }),
  );

let client: WasmBeacon;
beforeEach(() => {
  client = deployWasmBeacon(trusted, start);
});

const stateOf = (): BeaconState => decodeTrustedState(client.clientState()) as BeaconState;
const query = (asked: unknown): unknown => answered("query", client.call("query", asked));
const timestampAt = (height: bigint): unknown => query(`{"timestamp_at_height":{"height":${heightJson(height)}}}`);
const keys = (prefix: string): string[] => [...client.storage.keys()].filter((key) => key.startsWith(prefix));

describe("creation", () => {
  test("keeps both states where 08-wasm looks for them", () => {
    const stored = storedClientState(client.storage);
    expect(stored.data).toEqual(trusted);
    expect(stored.checksum).toEqual(checksum);
    expect(stored.latestHeight).toEqual({ revisionNumber: 0n, revisionHeight: startBlock.number });
    expect(storedTimestamp(client.storage, startBlock.number)).toBe(startBlock.timestamp);
    expect(client.storage.size).toBe(2);
    expect(query({ status: {} })).toEqual({ status: "Active" });
  });

  test("refuses a state that is not canonical, or a consensus state of another time", () => {
    expect(() => deployWasmBeacon(Uint8Array.of(...trusted, 0), start)).toThrow("MALFORMED: client state");
    const answer = client.call("instantiate", instantiateMessage(trusted, startBlock.timestamp + 1n));
    expect(answer).toEqual({ error: "MALFORMED: the consensus state is not the newest header's time" });
  });
});

describe("updates", () => {
  const update = updateOf(544n);
  const height = chain.blockOf(544n).number;
  beforeEach(() => {
    client.now = chain.timeOf(560n);
  });

  test("lead to the same state as in TypeScript, and leave a consensus state", () => {
    const client_message = base64.encode(message(update));
    const answer = client.call("sudo", { update_state: { client_message } });
    expect(answered("sudo", answer)).toEqual({ heights: [{ revision_number: 0, revision_height: Number(height) }] });
    const expected = applyUpdate(chain.trusted, beaconUpdate.encode(update), client.now);
    expect(stateOf()).toEqual(expected);
    expect(storedClientState(client.storage).latestHeight.revisionHeight).toBe(height);
    expect(storedTimestamp(client.storage, height)).toBe(chain.timeOf(544n));
    expect(timestampAt(height)).toEqual({ timestamp: Number(chain.timeOf(544n)) * 1e9 });
  });

  test("that are sent again change nothing", () => {
    expect(client.updateClient(message(update))).toEqual({ result: "updated" });
    const before = new Map(client.storage);
    expect(client.updateClient(message(update))).toEqual({ result: "noop" });
    expect(client.storage).toEqual(before);
  });

  test("forget the consensus state whose place in the ring they take", () => {
    const later = updateOf(520n + 61n);
    client.now = chain.timeOf(600n);
    expect(client.updateClient(message(later))).toEqual({ result: "updated" });
    expect(keys("consensusStates/")).toEqual([`consensusStates/0-${startBlock.number + 61n}`]);
    expect(client.call("query", `{"timestamp_at_height":{"height":${heightJson(startBlock.number)}}}`)).toEqual({
      error: "UNKNOWN_HEIGHT",
    });
  });

  test("that bring only a committee leave no consensus state behind", () => {
    client.updateClient(message(updateOf(520n + 61n)));
    client.now = chain.timeOf(600n);
    client.updateClient(message(updateOf(520n + 61n)));
    const before = keys("consensusStates/");
    const answer = client.updateClient(message(updateOf(520n, { nextCommittee: true })));
    expect(answer).toEqual({ result: "updated" });
    expect(keys("consensusStates/")).toEqual(before);
  });

  test("that contradict freeze, and are never taken for an update", () => {
    const contradiction = message(updateOf(544n, { execution: { stateRoot: new Uint8Array(32).fill(9) } }));
    client.updateClient(message(update));
    const client_message = base64.encode(contradiction);
    const before = stateOf();
    // A mempool asks for this before anybody looked for misbehaviour, and refuses the transaction when it fails.
    expect(answered("sudo", client.call("sudo", { update_state: { client_message } }))).toEqual({ heights: [] });
    expect(stateOf()).toEqual(before);
    expect(client.updateClient(contradiction)).toEqual({ result: "misbehaviour" });
    expect(stateOf().frozen).toBe(true);
    expect(query({ status: {} })).toEqual({ status: "Frozen" });
    expect(client.updateClient(message(update))).toEqual({ reason: "CLIENT_FROZEN" });
  });

  test("that contradict nothing do not freeze", () => {
    const client_message = base64.encode(message(update));
    const answer = client.call("sudo", { update_state_on_misbehaviour: { client_message } });
    expect(answer).toEqual({ error: "NO_CONFLICT" });
    const other = base64.encode(rootProofAt(startBlock));
    expect(client.call("sudo", { update_state_on_misbehaviour: { client_message: other } })).toEqual({
      error: "NO_CONFLICT",
    });
  });

  test("reports freeze, and are no updates", () => {
    const first = beaconUpdate.encode(update);
    const second = beaconUpdate.encode(updateOf(544n, { variant: "another" }));
    const report = clientMessage("misbehaviour", beaconMisbehaviour.encode({ first, second }));
    const client_message = base64.encode(report);
    expect(answered("sudo", client.call("sudo", { update_state: { client_message } }))).toEqual({ heights: [] });
    expect(stateOf()).toEqual(chain.trusted);
    const twice = clientMessage("misbehaviour", beaconMisbehaviour.encode({ first, second: first }));
    expect(client.updateClient(twice)).toEqual({ reason: "NO_CONFLICT" });
    expect(client.updateClient(report)).toEqual({ result: "misbehaviour" });
    expect(stateOf()).toEqual({ ...chain.trusted, frozen: true });
  });

  test("a light client without updates expires", () => {
    client.now = startBlock.timestamp + chain.trusted.trustingPeriod;
    expect(query({ status: {} })).toEqual({ status: "Active" });
    client.now += 1n;
    expect(query({ status: {} })).toEqual({ status: "Expired" });
    expect(client.updateClient(message(update))).toEqual({ reason: "CLIENT_EXPIRED" });
  });
});

describe("state proofs", () => {
  const membership = { ...held, proof: heldProof };
  const absence = { path: absent, value: undefined, proof: absentProof };

  test("claims share the root proof that came before them", () => {
    expect(client.verify(startBlock.number, membership)).toEqual({ reason: "UNKNOWN_HEIGHT" });
    expect(client.updateClient(rootProofAt(startBlock))).toEqual({ result: "noop" });
    expect(client.verify(startBlock.number, membership)).toBeUndefined();
    expect(client.verify(startBlock.number, absence)).toBeUndefined();
    expect(client.verify(startBlock.number, { ...membership, value: new Uint8Array(32) })).toEqual({
      reason: "VALUE_MISMATCH",
    });
    expect(client.verify(startBlock.number, { ...membership, value: undefined })).toEqual({ reason: "VALUE_PRESENT" });
    expect(client.verify(startBlock.number, { ...absence, value: held.value })).toEqual({ reason: "VALUE_ABSENT" });
    expect(client.verify(startBlock.number, { ...membership, proof: absentProof })).toEqual({
      reason: "INVALID_STORAGE_PROOF",
    });
    expect(client.verify(startBlock.number + 61n, membership)).toEqual({ reason: "UNKNOWN_HEIGHT" });
  });

  test("a root proof is not an update of the light client", () => {
    const client_message = base64.encode(rootProofAt(startBlock));
    expect(answered("sudo", client.call("sudo", { update_state: { client_message } }))).toEqual({ heights: [] });
    expect(client.clientState()).toEqual(trusted);
  });

  test("a root proof about a height that is not trusted is refused, asked or not", () => {
    const unknown = rootProofAt({ ...startBlock, timestamp: startBlock.timestamp + 1n });
    expect(client.updateClient(unknown)).toEqual({ reason: "UNKNOWN_HEIGHT" });
    const client_message = base64.encode(unknown);
    expect(client.call("sudo", { update_state: { client_message } })).toEqual({ error: "UNKNOWN_HEIGHT" });
    expect(keys("storageRoots/")).toEqual([]);
  });

  test("an ancestor's root has a time, although the ring holds nothing of it", () => {
    const past = { ...makeBeaconFixture().blockOf(400n), stateRoot: store.stateRoot };
    const history = makeHistory(past);
    const newer = makeBeaconFixture({ ...options, router, commitmentsSlot, stateRoot: history.stateRoot });
    client = deployWasmBeacon(encodeTrustedState(newer.trusted), start);
    const { number: height, timestamp } = newer.startBlock;
    const proof = rootProof.encode({
      height: past.number,
      timestamp: past.timestamp,
      stateRoot: past.stateRoot,
      accountProof: store.accountProof,
      ancestry: [{ ...history, height, timestamp }],
    });
    expect(client.updateClient(clientMessage("rootProof", proof))).toEqual({ result: "noop" });
    expect(client.verify(past.number, membership)).toBeUndefined();
    expect(timestampAt(past.number)).toEqual({ timestamp: Number(past.timestamp) * 1e9 });
  });

  test("are refused by a light client that is frozen or expired, whatever it remembers", () => {
    client.updateClient(rootProofAt(startBlock));
    client.now = startBlock.timestamp + chain.trusted.trustingPeriod + 1n;
    expect(client.verify(startBlock.number, membership)).toEqual({ reason: "CLIENT_EXPIRED" });
    expect(client.updateClient(rootProofAt(startBlock))).toEqual({ reason: "CLIENT_EXPIRED" });
    client = deployWasmBeacon(encodeTrustedState({ ...chain.trusted, frozen: true }), start);
    expect(client.updateClient(rootProofAt(startBlock))).toEqual({ reason: "CLIENT_FROZEN" });
    expect(client.verify(startBlock.number, absence)).toEqual({ reason: "CLIENT_FROZEN" });
  });

  const fields = {
    height: { revision_number: 0, revision_height: Number(startBlock.number) },
    delay_time_period: 0,
    delay_block_period: 0,
    proof: base64.encode(heldProof),
    merkle_path: { key_path: [base64.encode(held.path)] },
    value: base64.encode(held.value),
  };

  test.each([
    ["no path", { merkle_path: { key_path: [] } }],
    [
      "a prefix of its own",
      { merkle_path: { key_path: [base64.encode(Uint8Array.of(1)), ...fields.merkle_path.key_path] } },
    ],
    ["a path that is too long", { merkle_path: { key_path: [base64.encode(new Uint8Array(129))] } }],
    ["a value of 31 bytes", { value: base64.encode(new Uint8Array(31)) }],
    ["a revision", { height: { ...fields.height, revision_number: 1 } }],
    ["a height below zero", { height: { ...fields.height, revision_height: -1 } }],
    ["a height beyond 64 bits", { height: { ...fields.height, revision_height: 2 ** 70 } }],
    ["a proof that is no base64", { proof: "*" }],
    ["a field that it does not know", { more: 1 }],
  ])("%s is malformed", (_, wrong) => {
    client.updateClient(rootProofAt(startBlock));
    expect(client.call("sudo", { verify_membership: fields })).toHaveProperty("ok");
    const { error } = client.call("sudo", { verify_membership: { ...fields, ...wrong } }) as { error: string };
    expect(error).toMatch(/^MALFORMED/);
  });

  test("delays of IBC v1 are not passed over", () => {
    client.updateClient(rootProofAt(startBlock));
    for (const delay of ["delay_time_period", "delay_block_period"])
      expect(client.call("sudo", { verify_membership: { ...fields, [delay]: 1 } })).toEqual({
        error: "UNSUPPORTED: delay periods",
      });
  });

  test("heights and times of 64 bits are read and written exactly", () => {
    const latestHeight = (1n << 64n) - 60n;
    const state = { ...chain.trusted, latestHeight };
    client = deployWasmBeacon(encodeTrustedState(state), start);
    const answer = client.call("query", `{"timestamp_at_height":{"height":${heightJson(latestHeight)}}}`);
    const text = Buffer.from(base64.decode((answer as { ok: string }).ok)).toString("utf8");
    expect(text).toBe(`{"timestamp":${startBlock.timestamp}000000000}`);
  });
});

describe("messages", () => {
  test.each([
    "",
    "{",
    "null",
    "[]",
    "{}",
    '{"status":{},"status":{}}',
    '{"unknown":{}}',
    '{"status":{"more":1}}',
    '{"verify_client_message":{}}',
    '{"verify_client_message":{"client_message":5}}',
    '{"verify_client_message":{"client_message":"AA"}}',
    '{"verify_client_message":{"client_message":""}}',
    `{"verify_client_message":${'{"a":'.repeat(3000)}1${"}".repeat(3001)}`,
    "[".repeat(100_000),
  ])("%# is answered with MALFORMED", (text) => {
    const { error } = client.call("query", text) as { error: string };
    expect(error).toMatch(/^MALFORMED/);
  });

  test("more than fits into a transaction is answered, too", () => {
    const client_message = base64.encode(new Uint8Array(3 << 20));
    expect(client.call("query", { verify_client_message: { client_message } })).toEqual({ error: "MALFORMED" });
    const deep = `{"verify_upgrade_and_update_state":{"more":${"[".repeat(50_000)}`;
    expect(client.call("sudo", deep)).toEqual({ error: "MALFORMED: message" });
  });

  test.each([3, 0x7f, 0xff])("a client message of kind %i", (kind) => {
    expect(client.updateClient(Uint8Array.of(kind, 1, 2, 3))).toEqual({ reason: "MALFORMED" });
  });

  test("Ethereum commits to no upgraded clients", () => {
    const upgrade = {
      upgrade_client_state: "AA==",
      upgrade_consensus_state: "AA==",
      proof_upgrade_client: "AA==",
      proof_upgrade_consensus_state: "AA==",
    };
    const answer = client.call("sudo", { verify_upgrade_and_update_state: upgrade });
    expect(answer).toEqual({ error: "UNSUPPORTED: Ethereum commits to no upgraded clients" });
  });
});

describe("recovery", () => {
  const substitute = encodeTrustedState({ ...chain.trusted, trustingPeriod: 9n });

  /** The two stores as one, as the module shows them. */
  function recover(state: Uint8Array): ReturnType<WasmBeacon["call"]> {
    const other = deployWasmBeacon(state, start).storage;
    const own = [...client.storage].map(([key, value]) => [`subject/${key}`, value] as const);
    const others = [...other].map(([key, value]) => [`substitute/${key}`, value] as const);
    client.storage.clear();
    for (const [key, value] of [...own, ...others]) client.storage.set(key, value);
    return client.call("sudo", { migrate_client_store: {} });
  }

  test("goes on with what the substitute trusts, and forgets what the subject did", () => {
    client.now = chain.timeOf(560n);
    client.updateClient(message(updateOf(544n)));
    client.updateClient(rootProofAt(startBlock));
    client.now = start;
    expect(answered("sudo", recover(substitute))).toBeUndefined();
    const after = storedClientState(client.storage, "subject/");
    expect(after.data).toEqual(substitute);
    expect(after.checksum).toEqual(checksum);
    expect(after.latestHeight.revisionHeight).toBe(startBlock.number);
    expect(keys("subject/consensusStates/")).toEqual([`subject/consensusStates/0-${startBlock.number}`]);
    expect(storedTimestamp(client.storage, startBlock.number, "subject/")).toBe(startBlock.timestamp);
    expect(keys("subject/storageRoots/")).toEqual([]);
    expect(storedClientState(client.storage, "substitute/").data).toEqual(substitute);
  });

  test.each([
    ["chain", { chainId: 2n }],
    ["genesis", { genesisValidatorsRoot: commitmentsSlot }],
    ["packet store", { router: "0x00000000000000000000000000000000000c0fff" }],
    ["mapping", { commitmentsSlot: chain.trusted.genesisValidatorsRoot }],
    ["schedule", { slotsPerEpoch: 16n }],
  ] as const)("refuses a substitute of another %s", (_, other) => {
    const answer = recover(encodeTrustedState({ ...chain.trusted, ...other }));
    expect(answer).toEqual({ error: "UNSUPPORTED: the substitute is about another chain or another packet store" });
    expect(storedClientState(client.storage, "subject/").data).toEqual(trusted);
  });

  test("refuses a substitute that is frozen itself", () => {
    const answer = recover(encodeTrustedState({ ...chain.trusted, frozen: true }));
    expect(answer).toEqual({ error: "CLIENT_FROZEN" });
  });
});

describe("migration", () => {
  const add = (row: Uint8Array) => client.call("migrate", { add_fork: base64.encode(row) });

  test("to this code keeps everything", () => {
    const before = new Map(client.storage);
    expect(answered("migrate", client.call("migrate", {}))).toBeUndefined();
    expect(client.storage).toEqual(before);
  });

  test("may bring the fork table's next row", () => {
    const row = fuluRow(70n);
    expect(answered("migrate", add(encodeFork(row)))).toBeUndefined();
    expect(stateOf()).toEqual({ ...chain.trusted, forks: [...chain.trusted.forks, row] });
  });

  test.each([
    ["the newest header's epoch", encodeFork(fuluRow(65n))],
    ["no canonical bytes", Uint8Array.of(...encodeFork(fuluRow(70n)), 0)],
    ["an index that no branch has", encodeFork({ ...fuluRow(70n), finalizedRootGindex: 1 })],
  ])("refuses a row of %s", (_, row) => {
    const { error } = add(row) as { error: string };
    expect(error).toMatch(/^MALFORMED/);
    expect(client.clientState()).toEqual(trusted);
  });

  test("refuses what it does not know, and a store without a light client", () => {
    expect(client.call("migrate", { add_forks: [] })).toEqual({ error: "MALFORMED: message" });
    client.storage.clear();
    expect(client.call("migrate", {})).toEqual({ error: "MALFORMED: no client state" });
    expect(query({ status: {} })).toEqual({ status: "Unknown" });
  });
});
