/** CAIP-2 chain id, e.g. "eip155:1". */
export type ChainId = string;
