// Putting another light client behind a client id: how a frozen or expired one is recovered. A chain's admins do it after a
// delay, in which everybody can see what is coming and a guardian can cancel it.
import type { NewClient, TrustedClient } from "./trusted-client.ts";

export interface ScheduledMigration {
  /** The hosting chain's name of the operation. */
  readonly id: string;
  readonly clientId: string;
  /** Account of the admin who scheduled it. */
  readonly scheduledBy: string;
  /** Unix seconds: from then on, and until then. */
  readonly executableAt: bigint;
  readonly expiresAt: bigint;
  /** The light client that will stand behind the client id; undefined when it is nothing we can read. */
  readonly replacement: TrustedClient | undefined;
  /** Where the replacement lives on the hosting chain. */
  readonly address: string;
}

/** `now`: there was no delay to wait for, and it is done. */
export type Scheduling = { readonly now: true } | { readonly now: false; readonly migration: ScheduledMigration };

/** What an admin that is a contract has to call itself, in the hosting chain's own notation: the second after the delay. */
export interface PreparedMigration {
  readonly to: string;
  readonly schedule: string;
  readonly execute: string;
  readonly replacement: TrustedClient;
  /** Where the replacement lives on the hosting chain. */
  readonly address: string;
}

export interface ClientMigrations {
  /** What is scheduled for a client id and neither executed, cancelled nor expired; oldest first. */
  scheduled(clientId: string): Promise<readonly ScheduledMigration[]>;
  /** Creates a light client and schedules its taking over. Throws NOT_AUTHORIZED before it creates any. */
  schedule(clientId: string, replacement: NewClient): Promise<Scheduling>;
  /** Creates a light client, with any signer, and leaves the scheduling to who may do it. */
  prepare(clientId: string, replacement: NewClient): Promise<PreparedMigration>;
  /** Throws NOT_AUTHORIZED for another account than the one that scheduled it. */
  execute(migration: ScheduledMigration): Promise<{ readonly transaction: string }>;
  cancel(migration: ScheduledMigration): Promise<{ readonly transaction: string }>;
}
