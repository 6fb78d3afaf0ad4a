// Every function of the contracts that changes something, and who may call it: a way in that is not listed here fails the test.
import { readFileSync } from "node:fs";
import { toFunctionSelector, toFunctionSignature } from "viem/utils";
import type { AbiFunction } from "viem";
import { describe, expect, test } from "vitest";
import { abi as beaconLightClient } from "../../../contracts/evm/bindings/BeaconLightClient.ts";
import { abi as cometLightClient } from "../../../contracts/evm/bindings/CometLightClient.ts";
import { abi as accessManager } from "../../../contracts/evm/bindings/AccessManager.ts";
import { abi as messageApp } from "../../../contracts/evm/bindings/MessageApp.ts";
import { abi as messageReceiver } from "../../../contracts/evm/bindings/IMessageReceiver.ts";
import { abi as messageSender } from "../../../contracts/evm/bindings/IMessageSender.ts";
import { abi as packetApp } from "../../../contracts/evm/bindings/IPacketApp.ts";
import { abi as packetRouter } from "../../../contracts/evm/bindings/PacketRouter.ts";
import { abi as transferApp } from "../../../contracts/evm/bindings/TransferApp.ts";
import { abi as voucher } from "../../../contracts/evm/bindings/Voucher.ts";

/**
 * What stands before a function's effect:
 * - `proof`: the light client, asked about exactly what is done;
 * - `evidence`: the rules of a light client itself;
 * - `router`, `transferApp`, `itself`, `manager`: the only caller;
 * - `role`: the access manager, with the role's delay;
 * - `port`, `creator`: the application bound to the port, whoever created the light client;
 * - `caller`: it spends or says only what is the caller's.
 */
type Guard =
  | "proof"
  | "evidence"
  | "router"
  | "transferApp"
  | "itself"
  | "manager"
  | "role"
  | "port"
  | "creator"
  | "caller";

const PROOF = {
  relay: "proof",
  recvPacket: "proof",
  acknowledgePacket: "proof",
  timeoutPacket: "proof",
} as const;
const CALLBACKS = {
  onRecvPacket: "router",
  onAcknowledgementPacket: "router",
  onTimeoutPacket: "router",
} as const;

const contracts: Record<string, { abi: readonly { type: string }[]; guards: Record<string, Guard> }> = {
  PacketRouter: {
    abi: packetRouter,
    guards: {
      ...PROOF,
      sendPacket: "port",
      writeAcknowledgement: "port",
      callEach: "itself",
      createClient: "caller",
      registerCounterparty: "creator",
      migrateClient: "role",
      bindPort: "role",
      pause: "role",
      unpause: "role",
      setAuthority: "manager",
    },
  },
  TransferApp: {
    abi: transferApp,
    guards: {
      ...CALLBACKS,
      sendTransfer: "caller",
      setRateLimit: "role",
      removeRateLimit: "role",
      setAuthority: "manager",
    },
  },
  MessageApp: { abi: messageApp, guards: { ...CALLBACKS, sendMessage: "caller", subscribeToResults: "caller" } },
  Voucher: {
    abi: voucher,
    guards: { mint: "transferApp", burn: "transferApp", transfer: "caller", transferFrom: "caller", approve: "caller" },
  },
  CometLightClient: {
    abi: cometLightClient,
    guards: { update: "evidence", reportMisbehaviour: "evidence" },
  },
  BeaconLightClient: {
    abi: beaconLightClient,
    guards: { update: "evidence", reportMisbehaviour: "evidence", addFork: "role", setAuthority: "manager" },
  },
};

const functionsOf = (abi: readonly { type: string }[]): AbiFunction[] =>
  abi.filter((item): item is AbiFunction => item.type === "function");
const changing = (abi: readonly { type: string }[]): AbiFunction[] =>
  functionsOf(abi).filter(({ stateMutability }) => stateMutability !== "view" && stateMutability !== "pure");

const source = (path: string): string =>
  readFileSync(new URL(`../../../contracts/evm/${path}`, import.meta.url), "utf8");
const sources: Record<string, string> = {
  PacketRouter: ["PacketRouter.sol", "store/ClientRegistry.sol", "store/PortRegistry.sol"].map(source).join("\n"),
  TransferApp: source("apps/transfer/TransferApp.sol"),
  MessageApp: source("apps/messages/MessageApp.sol"),
  Voucher: source("apps/transfer/Voucher.sol"),
  BeaconLightClient: source("light-clients/BeaconLightClient.sol"),
};

/** How the guards that are modifiers are written; the other guards are the function's own business, and tested as such. */
const MODIFIERS: Partial<Record<Guard, string>> = {
  router: "onlyRouter",
  role: "restricted",
  transferApp: "onlyTransferApp",
};

describe.each(Object.entries(contracts))("%s", (_, { abi, guards }) => {
  test("10, 11, SagaEVM, CrossCurve, 2026: there is no other way in", () => {
    expect(
      changing(abi)
        .map((item) => item.name)
        .toSorted(),
    ).toEqual(Object.keys(guards).toSorted());
  });

  test("takes no ether", () => {
    expect(abi.filter(({ type }) => type === "fallback" || type === "receive")).toEqual([]);
    expect(changing(abi).filter(({ stateMutability }) => stateMutability === "payable")).toEqual([]);
  });

  test("1, Poly Network, 2021: none of its functions goes by the four bytes that a message or a packet is delivered by", () => {
    const delivered = [messageReceiver, messageSender, packetApp].flatMap((abi) => functionsOf(abi));
    const signatures = new Map(delivered.map((item) => [toFunctionSelector(item), toFunctionSignature(item)]));
    for (const item of functionsOf(abi)) {
      const signature = signatures.get(toFunctionSelector(item));
      if (signature !== undefined) expect(guards[item.name], toFunctionSignature(item)).toBe("router");
    }
  });
});

const modified = Object.entries(contracts).flatMap(([name, { guards }]) =>
  Object.entries(guards).flatMap(([entry, guard]) => {
    const modifier = MODIFIERS[guard];
    return modifier === undefined ? [] : [[name, entry, modifier] as const];
  }),
);

test.each(modified)("10, SagaEVM, 2026: %s.%s is %s", (name, entry, modifier) => {
  const head = new RegExp(`function ${entry}\\([^)]*\\)\\s+external([^{]*)\\{`).exec(sources[name] ?? "")?.[1];
  expect(head?.split(/\s+/)).toContain(modifier);
});

test("1, Poly Network, 2021: the manager of roles has no function by those four bytes either", () => {
  const delivered = [messageReceiver, messageSender, packetApp].flatMap((abi) =>
    functionsOf(abi).map((item) => toFunctionSelector(item)),
  );
  expect(functionsOf(accessManager).filter((item) => delivered.includes(toFunctionSelector(item)))).toEqual([]);
});
