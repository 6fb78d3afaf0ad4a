// Configuration of one chain of CometBFT and ibc-go: where it is read, and how it is paid for.
import { z } from "zod";
import { endpoints } from "#adapters/rpc/endpoint-config.ts";
import { secretReference } from "#adapters/secret.ts";

const seconds = z.number().positive().max(86_400);

/** Of a coin per unit of gas. As text, because prices like 0.0000001 are common. */
const price = z.string().regex(/^(0|[1-9]\d{0,17})(\.\d{1,18})?$/, 'expected a decimal number in quotes, like "0.025"');

const isAtLeast = (high: string, low: string): boolean => {
  const scaled = (value: string): bigint => {
    const [whole = "0", fraction = ""] = value.split(".");
    return BigInt(whole + fraction.padEnd(18, "0"));
  };
  return scaled(high) >= scaled(low);
};

const gasPrice = z
  .strictObject({
    denom: z
      .string()
      .regex(/^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/, "expected the denomination of a coin, like uatom")
      .describe("denomination of the coin that fees are paid in"),
    amount: price.describe("price offered per unit of gas, as a decimal number in quotes"),
    max: price.describe("highest price per unit of gas ever offered, as a decimal number in quotes"),
  })
  .refine(({ amount, max }) => isAtLeast(max, amount), "max is below amount");

export const cosmosConfig = z
  .strictObject({
    family: z.literal("cosmos").describe("chain family"),
    chainId: z
      .string()
      .regex(
        /^cosmos:(?:(?!hashed-)[-a-zA-Z0-9]{1,32}|hashed-[0-9a-f]{16})$/,
        "expected a CAIP-2 id like cosmos:cosmoshub-4",
      )
      .describe("CAIP-2 id; every endpoint must serve this chain"),
    endpoints: endpoints.describe("CometBFT JSON-RPC endpoints, in order of preference"),
    accountPrefix: z
      .string()
      .regex(/^[a-z][a-z0-9]{0,82}$/, "expected the beginning of the chain's addresses, like cosmos")
      .describe("what the chain's account addresses begin with"),
    signer: secretReference
      .optional()
      .describe(
        "private key (secp256k1, 32 bytes, hexadecimal) that pays for transactions; without it the chain is only read",
      ),
    gasPrice: gasPrice.optional().describe("what may be spent on gas; needed with a signer"),
    gasMultiplier: z
      .number()
      .min(1)
      .max(4)
      .default(1.3)
      .describe("gas limit as a multiple of what the simulation used; default 1.3"),
    fromHeight: z.int().min(1).default(1).describe("first block that can hold packets; default 1"),
    requestTimeoutSeconds: seconds
      .default(10)
      .describe("an endpoint silent for so long has failed, in seconds; default 10"),
    confirmationTimeoutSeconds: seconds
      .default(600)
      .describe("how long one submission follows its transaction before it is tried again, in seconds; default 600"),
    pollMilliseconds: z
      .int()
      .min(50)
      .max(60_000)
      .default(1_000)
      .describe("pause between looks for new blocks where no endpoint pushes them, in milliseconds; default 1000"),
    blocksPerFetch: z
      .int()
      .min(1)
      .max(1_000)
      .default(100)
      .describe("most blocks read before their events are handed on; default 100"),
  })
  .refine(({ signer, gasPrice: paid }) => signer === undefined || paid !== undefined, {
    error: "a signer needs a gas price",
    path: ["gasPrice"],
  });

export type CosmosConfig = z.infer<typeof cosmosConfig>;
