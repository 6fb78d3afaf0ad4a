// An EVM chain with everything deployed.
import { createPublicClient, http } from "viem";
import type { Address, PublicClient } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { deployCore } from "#scripts/deploy/core.ts";
import type { CoreDeployment } from "#scripts/deploy/core.ts";
import { deployExamples } from "#scripts/deploy/examples.ts";
import type { Examples } from "#scripts/deploy/examples.ts";
import { abi as tokenAbi } from "../../contracts/evm/bindings/DemoToken.ts";
import { abi as transferAbi } from "../../contracts/evm/bindings/TransferApp.ts";
import { abi as voucherAbi } from "../../contracts/evm/bindings/Voucher.ts";
import { openParty, user } from "./party.ts";
import type { Bank, Party, Place } from "./party.ts";

export interface RunningChain {
  readonly chainId: number;
  readonly rpcUrl: string;
  readonly beaconUrl: string;
}

export interface EvmParty extends Party {
  readonly rpcUrl: string;
  readonly contracts: CoreDeployment & Examples;
  readonly reader: PublicClient;
  readonly bank: Bank;
}

export async function openEvmParty(place: Place, running: RunningChain): Promise<EvmParty> {
  const options = { rpcUrl: running.rpcUrl, account: privateKeyToAccount(user.privateKey), delay: 0 };
  const core = await deployCore(options);
  const contracts = { ...core, ...(await deployExamples({ ...options, messageApp: core.messageApp })) };
  const party = await openParty(place, {
    family: "evm",
    chainId: `eip155:${running.chainId}`,
    endpoints: [{ name: "node", url: running.rpcUrl }],
    consensus: { kind: "beacon", endpoints: [{ name: "beacon", url: running.beaconUrl }] },
    router: core.router,
    apps: { transfer: core.transferApp, messages: core.messageApp },
  });
  const reader = createPublicClient({ transport: http(running.rpcUrl) });
  return { ...party, rpcUrl: running.rpcUrl, contracts, reader, bank: evmBank(reader, contracts) };
}

function evmBank(reader: PublicClient, { transferApp, token }: CoreDeployment & Examples): Bank {
  const app = { address: transferApp, abi: transferAbi } as const;
  return {
    native: token,
    nativeOnWire: token.toLowerCase(),
    owner: user.address,
    async balanceOf(denom, owner) {
      const address = denom as Address;
      // Nobody has any of a voucher that was never made.
      if ((await reader.getCode({ address })) === undefined) return 0n;
      return reader.readContract({ address, abi: tokenAbi, functionName: "balanceOf", args: [owner as Address] });
    },
    voucherOf: (clientId, denom) => reader.readContract({ ...app, functionName: "voucherOf", args: [clientId, denom] }),
    traceOf: (voucher) => reader.readContract({ address: voucher as Address, abi: voucherAbi, functionName: "trace" }),
    escrowed: (clientId, denom) =>
      reader.readContract({ ...app, functionName: "escrowed", args: [clientId, denom as Address] }),
    now: async () => (await reader.getBlock()).timestamp,
  };
}
