// Deploys what a development chain needs to show something: a token and a contract that answers greetings.
import type { Address } from "viem";
import * as token from "../../contracts/evm/bindings/DemoToken.ts";
import * as greeter from "../../contracts/evm/bindings/Greeter.ts";
import { openDeployer } from "./deployer.ts";
import type { DeployerOptions } from "./deployer.ts";

export interface Examples {
  /** All of its million tokens (18 decimals) belong to the deployer. */
  readonly token: Address;
  readonly greeter: Address;
}

const SUPPLY = 1_000_000n * 10n ** 18n;

export async function deployExamples(options: DeployerOptions & { readonly messageApp: Address }): Promise<Examples> {
  const deployer = await openDeployer(options);
  return deployer.deploy([
    { name: "token", ...token, args: () => ["Demo Token", "DEMO", SUPPLY] },
    { name: "greeter", ...greeter, args: () => [options.messageApp] },
  ]);
}
