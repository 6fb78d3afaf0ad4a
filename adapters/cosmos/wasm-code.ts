// Our contract's code on a chain: 08-wasm takes code from governance only.
import { gunzipSync, gzipSync } from "node:zlib";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { QueryChecksumsRequest, QueryChecksumsResponse } from "cosmjs-types/ibc/lightclients/wasm/v1/query";
import { MsgStoreCode } from "cosmjs-types/ibc/lightclients/wasm/v1/tx";
import type { ChainContext } from "./context.ts";
import { enact, governanceAddress } from "./governance.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { query } from "./rpc/query.ts";
import { anyOf } from "./submit/messages.ts";
import type { Sender } from "./submit/sender.ts";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import { readWasmArtifact } from "./wasm-artifact.ts";

/** What 08-wasm takes at most, uncompressed. */
const MAX_CODE_BYTES = 3 * 1024 * 1024;

async function hasCode(endpoint: CometEndpoint, checksum: Uint8Array): Promise<boolean> {
  const types = [QueryChecksumsRequest, QueryChecksumsResponse] as const;
  const request = QueryChecksumsRequest.fromPartial({ pagination: { limit: 1_000n } });
  const { checksums } = await query(endpoint, "/ibc.lightclients.wasm.v1.Query/Checksums", types, request);
  return checksums.includes(bytesToHex(checksum));
}

/** Whether a message stores the code of this checksum. */
export function storesCode({ typeUrl, value }: Any, checksum: Uint8Array): boolean {
  if (typeUrl !== MsgStoreCode.typeUrl) return false;
  try {
    const { wasmByteCode } = MsgStoreCode.decode(value);
    const isPacked = wasmByteCode[0] === 0x1f && wasmByteCode[1] === 0x8b;
    const code = isPacked ? gunzipSync(wasmByteCode, { maxOutputLength: MAX_CODE_BYTES }) : wasmByteCode;
    return equalBytes(sha256(code), checksum);
  } catch {
    return false;
  }
}

/** Returns its checksum once the chain has it. Throws CONTRACT_MISSING without the artifact, and what `enact` throws. */
export async function ensureWasmCode(context: ChainContext, sender: Sender): Promise<Uint8Array> {
  const { code, checksum } = await readWasmArtifact();
  await enact(context, sender, {
    title: "Store the light client of Ethereum",
    summary: `Stores the wasm code with SHA-256 ${bytesToHex(checksum)}: a light client of chains that Ethereum's beacon chain finalizes.`,
    message: anyOf(MsgStoreCode, {
      signer: governanceAddress(context.config.accountPrefix),
      wasmByteCode: gzipSync(code),
    }),
    isSame: (message) => storesCode(message, checksum),
    isDone: (endpoint) => hasCode(endpoint, checksum),
  });
  return checksum;
}
