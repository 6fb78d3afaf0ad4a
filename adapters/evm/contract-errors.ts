// Every custom error a transaction of ours can meet, so that a revert is reported by its name.
import type { Abi } from "viem";
import { abi as manager } from "../../contracts/evm/bindings/AccessManager.ts";
import { abi as beacon } from "../../contracts/evm/bindings/BeaconLightClient.ts";
import { abi as comet } from "../../contracts/evm/bindings/CometLightClient.ts";
import { abi as messages } from "../../contracts/evm/bindings/MessageApp.ts";
import { abi as router } from "../../contracts/evm/bindings/PacketRouter.ts";
import { abi as transfer } from "../../contracts/evm/bindings/TransferApp.ts";

type AbiError = Extract<Abi[number], { type: "error" }>;

const builtIn = [
  { type: "error", name: "Error", inputs: [{ name: "message", type: "string" }] },
  { type: "error", name: "Panic", inputs: [{ name: "code", type: "uint256" }] },
] as const satisfies readonly AbiError[];

const all: readonly { readonly type: string }[] = [
  ...router,
  ...beacon,
  ...comet,
  ...messages,
  ...transfer,
  ...manager,
];

export const contractErrors: readonly AbiError[] = [
  ...builtIn,
  ...all.filter((item): item is AbiError => item.type === "error"),
];
