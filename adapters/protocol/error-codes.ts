// The closed list of error codes: whether the same call may be tried again, and what an operator can do.

export const errorCodes = {
  INVALID_CONFIG: { retry: "never", hint: "fix the named fields and run `causeway config check`" },
  INVALID_ARGUMENT: { retry: "never", hint: "see the command's --help" },
  MISSING_SECRET: { retry: "never", hint: "set the named environment variable or file" },
  WRONG_CHAIN_ID: {
    retry: "never",
    hint: "the endpoint serves another chain: correct its URL or the configured chain id",
  },
  RPC_UNREACHABLE: { retry: "later", hint: "check that the endpoint is up and reachable, or add another endpoint" },
  RPC_BAD_ANSWER: {
    retry: "later",
    hint: "the endpoint's answer contradicts itself or its proofs: use another endpoint",
  },
  RPC_STALE: { retry: "later", hint: "the endpoint is behind: wait for it to catch up or add another endpoint" },
  API_UNREACHABLE: {
    retry: "later",
    hint: "check that the relayer is up and its API reachable, or ask another relayer",
  },
  API_BAD_ANSWER: { retry: "later", hint: "the relayer's API answered what it should not: ask another relayer" },
  NOT_FOUND: {
    retry: "later",
    hint: "this relayer does not know it, or not yet: check the id, or ask another relayer",
  },
  DEEP_REORG: { retry: "never", hint: "a finalized block changed: find out which endpoint is right before going on" },
  NOT_FINAL_YET: { retry: "afterHeight", hint: "nothing to do: waiting for the source chain's finality" },
  CLIENT_BEHIND: {
    retry: "later",
    hint: "a relayer catches up by itself; `causeway client update` does it now, with as many transactions as it takes",
  },
  CLIENT_FROZEN: { retry: "never", hint: "the light client saw misbehaviour: an admin has to recover it" },
  CLIENT_EXPIRED: {
    retry: "never",
    hint: "the light client was not updated in its trusting period: an admin has to recover it",
  },
  FORK_UNKNOWN: {
    retry: "never",
    hint: "the chain went through a fork that the light client does not know: `causeway client add-fork`",
  },
  CLIENT_CONTRADICTED: {
    retry: "never",
    hint: "our own endpoints contradict the light client: see docs/runbooks/recover-light-client.md",
  },
  CLIENT_NOT_FOUND: { retry: "never", hint: "create the light client first: `causeway client create`" },
  CONTRACT_MISSING: { retry: "never", hint: "there is no contract at the configured address: correct it or deploy" },
  EVIDENCE_REFUSED: { retry: "later", hint: "the evidence did not verify; another endpoint is tried" },
  VERIFIER_FAILED: {
    retry: "later",
    hint: "the thread that judges evidence is started again; when that goes on, see the relayer's log and its memory",
  },
  NOT_AUTHORIZED: { retry: "never", hint: "use the key of whoever holds the role on that chain" },
  INSUFFICIENT_FUNDS: { retry: "later", hint: "send funds to the signer's address" },
  FEE_ABOVE_CAP: { retry: "later", hint: "network fees exceed the configured cap: wait, or raise the cap" },
  TRANSACTION_REVERTED: { retry: "later", hint: "the target chain refused the transaction: see the reason" },
  TRANSACTION_STUCK: { retry: "later", hint: "nothing to do: it is replaced with a higher fee" },
  STORE_UNAVAILABLE: { retry: "later", hint: "check that Postgres is running and DATABASE_URL is right" },
  QUEUE_UNAVAILABLE: { retry: "later", hint: "check that Redis is running and REDIS_URL is right" },
  LOG_INCONSISTENT: {
    retry: "never",
    hint: "the proof log's tree does not match its entries: restore the log before going on",
  },
  BUNDLE_INVALID: {
    retry: "never",
    hint: "the bundle is incomplete or was altered: export it again from a source you trust",
  },
  TOOL_MISSING: { retry: "never", hint: "install the named tool, then run the same command again" },
  NODE_FAILED: { retry: "never", hint: "see the end of the named log: a development chain did not start or ended" },
  UNSUPPORTED: { retry: "never", hint: "this chain or client type cannot do that" },
  CANCELLED: { retry: "later", hint: "the program is shutting down" },
} as const satisfies Record<string, { retry: "never" | "later" | "afterHeight"; hint: string }>;

export type ErrorCode = keyof typeof errorCodes;
