// Who may do what to the contracts: the role ids of contracts/evm/access/Roles.sol and who holds them after deployment.
import type { Address } from "viem";

export const roles = { ADMIN: 0n, GUARDIAN: 1n, CLIENT_ADMIN: 2n, PORT_ADMIN: 3n, RATE_LIMITER: 4n } as const;

export interface RoleHolders {
  /** Un-pauses, and decides about roles and delays; acts only after the delay. */
  readonly admin: Address;
  /** Pauses at once, and cancels what others have scheduled. */
  readonly guardian: Address;
  /** Replaces a light client; acts only after the delay. */
  readonly clientAdmin: Address;
  /** Binds applications to free ports; acts only after the delay. */
  readonly portAdmin: Address;
  /** Sets and lifts transfer limits at once. */
  readonly rateLimiter: Address;
}

export const heldBy = (address: Address): RoleHolders => ({
  admin: address,
  guardian: address,
  clientAdmin: address,
  portAdmin: address,
  rateLimiter: address,
});
