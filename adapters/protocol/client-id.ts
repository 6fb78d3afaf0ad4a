// Light-client identifiers: `name-N`, 8 to 64 characters, the intersection of what ibc-go and the Solidity hosts accept.

const CLIENT_ID = /^\w+(?:[\w-]+\w)?-[0-9]{1,20}$/;

/** ibc-go's client identifier format (02-client/types/keys.go) within Packet.ValidateBasic's length limits. */
export function isClientId(value: string): boolean {
  return value.length >= 8 && value.length <= 64 && CLIENT_ID.test(value);
}
