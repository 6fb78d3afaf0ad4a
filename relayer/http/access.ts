// Who may ask for what: tokens by role.
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ReadSecret } from "#adapters/secret.ts";
import type { Config } from "#relayer/config-schema.ts";
import { RequestProblem } from "./problem.ts";

/** Each may do what the ones before it may. */
const ROLES = ["viewer", "auditor", "operator"] as const;
export type Role = (typeof ROLES)[number];

export interface Caller {
  /** The token's. */
  readonly name: string;
  readonly role: Role;
}

export interface Access {
  /** Whose token it is; undefined for nobody's. */
  identify(token: string): Caller | undefined;
  /** Throws RequestProblem, 401 or 403, unless whoever asks may. `needed` as routes declare it; without a word: a viewer. */
  require(request: Pick<FastifyRequest, "headers">, needed: Role | "anybody" | undefined): Caller | undefined;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may ask; a viewer, unless it says otherwise. */
    access?: Role | "anybody";
  }
  interface FastifyRequest {
    /** Absent: somebody without a token. */
    caller: Caller | undefined;
  }
}

/** Shorter ones can be guessed. */
const SHORTEST = 16;

/**
 * Browsers can show a token only as a password, which they then send with everything they ask here, whoever made them ask: such a token reads,
 * and never acts.
 */
function tokenOf(authorization: string, needed: Role | "anybody"): string | undefined {
  const [, bearer, basic] = /^(?:Bearer +(\S+)|Basic +([A-Za-z0-9+/=]+))$/i.exec(authorization) ?? [];
  if (basic === undefined || needed === "operator") return bearer;
  return Buffer.from(basic, "base64").toString().split(/:(.*)/s, 2)[1];
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
const rank = (role: Role): number => ROLES.indexOf(role);

/** Throws MISSING_SECRET, and INVALID_CONFIG for a token that is too short or given twice. */
export async function openAccess(http: Config["http"], readSecret: ReadSecret): Promise<Access> {
  const known = await Promise.all(
    http.tokens.map(async ({ name, role, token }) => {
      const secret = await readSecret(token);
      if (secret.length < SHORTEST)
        throw new CausewayError(
          "INVALID_CONFIG",
          `http.tokens: the token of ${name} has fewer than ${SHORTEST} characters`,
          {
            hint: "make one with: openssl rand -hex 32",
          },
        );
      return { caller: { name, role }, digest: digest(secret) };
    }),
  );
  const digests = known.map((one) => one.digest.toString("hex"));
  const twice = digests.findIndex((one, index) => digests.indexOf(one) < index);
  if (twice !== -1)
    throw new CausewayError("INVALID_CONFIG", `http.tokens: ${known[twice]?.caller.name} has somebody else's token`);

  const identify = (token: string): Caller | undefined => {
    const offered = digest(token);
    // All are compared, each in constant time: how long it takes tells nothing.
    const matching = known.map((one) => timingSafeEqual(one.digest, offered));
    return known[matching.indexOf(true)]?.caller;
  };

  const nobody = (message: string): RequestProblem =>
    new RequestProblem(
      401,
      "NOT_AUTHORIZED",
      message,
      "send `Authorization: Bearer <token>` with a token of this relayer",
    );

  return {
    identify,
    require({ headers }, needed = "viewer") {
      const { authorization } = headers;
      const token = authorization === undefined ? undefined : tokenOf(authorization, needed);
      const caller = token === undefined ? undefined : identify(token);
      // Whoever shows something that is no token must not take the answer for one that is theirs.
      if (authorization !== undefined && caller === undefined) throw nobody("the token is not known here");
      if (needed === "anybody" || (http.public && needed !== "operator")) return caller;
      if (caller === undefined) throw nobody(`this takes the token of a ${needed}`);
      if (rank(caller.role) < rank(needed))
        throw new RequestProblem(
          403,
          "NOT_AUTHORIZED",
          `${caller.name} is a ${caller.role}; this takes ${needed}s`,
          "use another token",
        );
      return caller;
    },
  };
}
