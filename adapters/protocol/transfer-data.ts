// ICS-20 v2 transfer data in its Solidity ABI encoding (ibc-go modules/apps/transfer/types, application/x-solidity-abi).
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { decodeAbiParameters, encodeAbiParameters } from "viem/utils";

export const TRANSFER_PORT = "transfer";
export const TRANSFER_VERSION = "ics20-1";
export const ABI_ENCODING = "application/x-solidity-abi";

export interface TransferData {
  /** Base denomination, or a trace `port/client/…/base`. */
  readonly denom: string;
  readonly sender: string;
  readonly receiver: string;
  readonly amount: bigint;
  readonly memo: string;
}

const parameters = [
  {
    type: "tuple",
    components: [
      { name: "denom", type: "string" },
      { name: "sender", type: "string" },
      { name: "receiver", type: "string" },
      { name: "amount", type: "uint256" },
      { name: "memo", type: "string" },
    ],
  },
] as const;

export const encodeTransferData = (data: TransferData): Uint8Array =>
  hexToBytes(encodeAbiParameters(parameters, [data]).slice(2));

/** Undefined when the bytes are not the canonical encoding of transfer data. */
export function decodeTransferData(bytes: Uint8Array): TransferData | undefined {
  const hex = `0x${bytesToHex(bytes)}` as const;
  try {
    const [data] = decodeAbiParameters(parameters, hex);
    return encodeAbiParameters(parameters, [data]) === hex ? data : undefined;
  } catch {
    return undefined;
  }
}
