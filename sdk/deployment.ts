// Where a chain's contracts are, as whoever sends knows it: from the deployment's own record, never from a relayer.
import * as z from "zod";
import type { Hex } from "#adapters/evm/rpc/hex.ts";
import { CausewayError } from "#adapters/protocol/error.ts";

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "expected 0x and 40 hexadecimal digits")
  .transform((value) => value.toLowerCase() as Hex);
const codeHash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, "expected 0x and 64 hexadecimal digits")
  .transform((value) => value as Hex);
const chainId = z.int().positive();
const contract = z.object({ address, codeHash: codeHash.optional() });

const recorded = z.object({
  chainId,
  contracts: z.object({ router: contract, transferApp: contract, messageApp: contract }),
});
const given = z
  .object({ chainId, router: address, transferApp: address, messageApp: address })
  .transform(({ chainId, router, transferApp, messageApp }) => ({
    chainId,
    contracts: {
      router: { address: router },
      transferApp: { address: transferApp },
      messageApp: { address: messageApp },
    },
  }));

/** What `npm run deploy` records in `deployments/<chain id>.json`, or the same addresses by hand. */
export type Deployment =
  | {
      /** EIP-155 chain id. */
      readonly chainId: number;
      readonly contracts: {
        readonly router: RecordedContract;
        readonly transferApp: RecordedContract;
        readonly messageApp: RecordedContract;
      };
    }
  | {
      readonly chainId: number;
      readonly router: string;
      readonly transferApp: string;
      readonly messageApp: string;
    };

export interface RecordedContract {
  readonly address: string;
  /** keccak256 of the code that is there; compared before anything is sent. */
  readonly codeHash?: string | undefined;
}

export interface Contract {
  readonly address: Hex;
  readonly codeHash?: Hex | undefined;
}

export interface ParsedDeployment {
  readonly chainId: number;
  readonly router: Contract;
  readonly transferApp: Contract;
  readonly messageApp: Contract;
}

/** Throws INVALID_ARGUMENT naming what is wrong. */
export function parseDeployment(deployment: Deployment): ParsedDeployment {
  const schema = "contracts" in deployment ? recorded : given;
  const parsed = schema.safeParse(deployment);
  if (parsed.success) return { chainId: parsed.data.chainId, ...parsed.data.contracts };
  throw new CausewayError("INVALID_ARGUMENT", `the deployment is not usable: ${z.prettifyError(parsed.error)}`, {
    hint: "pass the content of deployments/<chain id>.json, as `npm run deploy` wrote it",
  });
}
