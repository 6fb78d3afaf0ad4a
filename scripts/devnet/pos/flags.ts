// The command lines of the chain's programs: everything on loopback, no peers, no discovery, no metrics.
import { join } from "node:path";

export interface PosPorts {
  readonly rpc: number;
  readonly engine: number;
  readonly beacon: number;
  readonly grpc: number;
  /** TCP, UDP and QUIC. */
  readonly p2p: readonly [number, number, number];
}

const VALIDATORS = 64;
const FEE_RECIPIENT = "0x00000000000000000000000000000000000000fe";

/** `true` stands for a flag without a value. */
const flags = (values: Readonly<Record<string, string | number | true>>): string[] =>
  Object.entries(values).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`));

export const genesisFlags = (dir: string, delaySeconds: number): string[] =>
  flags({
    fork: "electra",
    "num-validators": VALIDATORS,
    "genesis-time-delay": delaySeconds,
    "chain-config-file": join(dir, "config.yaml"),
    "geth-genesis-json-in": join(dir, "genesis-draft.json"),
    "geth-genesis-json-out": join(dir, "genesis.json"),
    "output-ssz": join(dir, "genesis.ssz"),
  });

export const gethStoreFlags = (dir: string): string[] => flags({ datadir: join(dir, "geth"), "state.scheme": "hash" });

/** Archive mode with the hash scheme, so that eth_getProof answers at every block. */
export const gethFlags = (chainId: number, dir: string, ports: PosPorts): string[] => [
  ...gethStoreFlags(dir),
  ...flags({
    networkid: chainId,
    syncmode: "full",
    gcmode: "archive",
    cache: 256,
    http: true,
    "http.addr": "127.0.0.1",
    "http.port": ports.rpc,
    "http.api": "eth,net,web3",
    "authrpc.addr": "127.0.0.1",
    "authrpc.port": ports.engine,
    "authrpc.jwtsecret": join(dir, "jwt.hex"),
    nodiscover: true,
    maxpeers: 0,
    port: 0,
    nat: "none",
    ipcdisable: true,
  }),
];

export const beaconFlags = (chainId: number, dir: string, ports: PosPorts): string[] =>
  flags({
    datadir: join(dir, "beacon"),
    "accept-terms-of-use": true,
    "chain-config-file": join(dir, "config.yaml"),
    "genesis-state": join(dir, "genesis.ssz"),
    "chain-id": chainId,
    "network-id": chainId,
    "contract-deployment-block": 0,
    "execution-endpoint": `http://127.0.0.1:${ports.engine}`,
    "jwt-secret": join(dir, "jwt.hex"),
    "http-host": "127.0.0.1",
    "http-port": ports.beacon,
    "rpc-host": "127.0.0.1",
    "rpc-port": ports.grpc,
    "p2p-local-ip": "127.0.0.1",
    "p2p-tcp-port": ports.p2p[0],
    "p2p-udp-port": ports.p2p[1],
    "p2p-quic-port": ports.p2p[2],
    "min-sync-peers": 0,
    "minimum-peers-per-subnet": 0,
    "bootstrap-node": "",
    "no-discovery": true,
    "interop-eth1data-votes": true,
    "enable-light-client": true,
    "disable-monitoring": true,
    "suggested-fee-recipient": FEE_RECIPIENT,
  });

export const validatorFlags = (dir: string, ports: PosPorts): string[] =>
  flags({
    datadir: join(dir, "validator"),
    "accept-terms-of-use": true,
    "disable-monitoring": true,
    "chain-config-file": join(dir, "config.yaml"),
    "beacon-rpc-provider": `127.0.0.1:${ports.grpc}`,
    "interop-num-validators": VALIDATORS,
    "interop-start-index": 0,
    "suggested-fee-recipient": FEE_RECIPIENT,
  });
