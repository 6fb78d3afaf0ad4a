// Application acknowledgements of IBC v2 (ibc-go 04-channel/v2/types/acknowledgement.go).
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** What a host stores, alone, when any application refused the packet. */
export const UNIVERSAL_ERROR_ACKNOWLEDGEMENT: Uint8Array = sha256(utf8ToBytes("UNIVERSAL_ERROR_ACKNOWLEDGEMENT"));

const UNIVERSAL_ERROR_HEX = bytesToHex(UNIVERSAL_ERROR_ACKNOWLEDGEMENT);

export function isErrorAcknowledgement(acknowledgements: readonly Uint8Array[]): boolean {
  const [only] = acknowledgements;
  return acknowledgements.length === 1 && only !== undefined && bytesToHex(only) === UNIVERSAL_ERROR_HEX;
}
