// Deploys the packet core, its applications and their access control to an EVM chain. Running it again changes nothing.
import { encodeFunctionData } from "viem";
import type { Address } from "viem";
import * as manager from "../../contracts/evm/bindings/AccessManager.ts";
import * as ed25519Verifier from "../../contracts/evm/bindings/Ed25519Verifier.ts";
import * as messageApp from "../../contracts/evm/bindings/MessageApp.ts";
import * as router from "../../contracts/evm/bindings/PacketRouter.ts";
import * as transferApp from "../../contracts/evm/bindings/TransferApp.ts";
import { TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";
import { configurationCalls } from "./configure.ts";
import { openDeployer } from "./deployer.ts";
import type { DeployerOptions } from "./deployer.ts";
import { heldBy } from "./roles.ts";
import type { RoleHolders } from "./roles.ts";

export interface CoreOptions extends DeployerOptions {
  /** Who holds which role; the deployer where not said. */
  readonly holders?: Partial<RoleHolders> | undefined;
  /** Seconds for which delayed roles have to wait: 0 on development chains, days elsewhere. */
  readonly delay: number;
}

export interface CoreDeployment {
  readonly chainId: number;
  readonly manager: Address;
  readonly router: Address;
  readonly transferApp: Address;
  readonly messageApp: Address;
  /** For light clients of CometBFT chains. */
  readonly ed25519Verifier: Address;
}

export async function deployCore(options: CoreOptions): Promise<CoreDeployment> {
  const deployer = await openDeployer(options);
  const contracts = await deployer.deploy([
    { name: "manager", ...manager, args: () => [options.account.address] },
    { name: "router", ...router, args: (address) => [address("manager")] },
    { name: "transferApp", ...transferApp, args: (address) => [address("router"), address("manager")] },
    { name: "messageApp", ...messageApp, args: (address) => [address("router")] },
    { name: "ed25519Verifier", ...ed25519Verifier, args: () => [] },
  ]);
  const bound = await deployer.reader.readContract({
    address: contracts.router,
    abi: router.abi,
    functionName: "getApp",
    args: [TRANSFER_PORT],
  });
  if (bound !== contracts.transferApp) {
    const calls = configurationCalls({
      ...contracts,
      deployer: options.account.address,
      holders: { ...heldBy(options.account.address), ...options.holders },
      delay: options.delay,
    });
    const data = encodeFunctionData({ abi: manager.abi, functionName: "multicall", args: [calls] });
    await deployer.send(contracts.manager, data, "the configuration of roles and ports");
  }
  return { chainId: deployer.chainId, ...contracts };
}
